/** @file UniAD behind the `Method` interface, in the unified setting: one network for all categories. */
import { uniad as definition, type UniadPreset } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitTrainable } from '../../training/fit-trainable.ts';
import type { Trained } from '../../training/trainable.ts';
import { TrainingRun } from '../../training/training-run.ts';
import { keptFeatures } from '../feature-batches.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { assertFits } from './memory.ts';
import { type Neck, planNeck } from './neck.ts';
import { uniadParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { uniadTrainable } from './trainable.ts';

/** Side of the square of pixels whose largest mean is the image score, as released. */
const POOLED_PX = 16;

export const uniad: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitUniad,
};

async function fitUniad(options: FitOptions): Promise<FittedMethod> {
  const { heldOut, seed, levels, categories, maxSteps } = options;
  const features = keptFeatures(options.features);
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: features.count });
  const neck = planNeck(preset, levels, features);
  const trainable = uniadTrainable({
    ...{ preset, neck, seed, categories, maxSteps, features, heldOut },
  });
  const run = await TrainingRun.begin({
    ...options,
    identity: [preset, levels, trainable.steps, seed, features.count, heldOut?.count ?? 0],
    onProgress: ({ stage, step, steps, loss }) =>
      options.onProgress({ part: stage, step, steps, loss, fraction: step / steps }),
  });
  const trained = await fitTrainable(run, trainable);
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(neck, trained.weights)),
    coverage: [coverageOf(trainable, trained.steps, features.count)],
    map: {
      grids: [neck.network.grid],
      alignCorners: true,
      smoothed: false,
      sigma: 0,
      imageScore: { kind: 'pooledMax', side: POOLED_PX },
    },
    ...describe(options, preset, neck, trained),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  { maxSteps }: FitOptions,
  preset: UniadPreset,
  { network, levels }: Neck,
  { steps, keptStep, losses }: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  const parameters = totalSize(uniadParameters(network));
  return {
    config: {
      preset: { ...preset, ...(maxSteps === undefined ? {} : { maxSteps }) },
      network,
      levels: levels.map((level) => ({ ...level })),
      parameters,
      steps,
      keptStep,
      lastLoss: losses[steps - 1],
      score: '√Σ (rebuilt − feature)² over the channels',
      smoothedMap: 'none',
    },
    notes: [
      `Trained a transformer of ${parameters} parameters for ${steps} steps.`,
      ...(keptStep < steps
        ? [`The network of step ${keptStep} is kept: it rebuilt held-out normal images best.`]
        : []),
    ],
  };
}
