/** @file RD4AD behind the `Method` interface, in the unified setting: one network for all categories. */
import { rd4ad as definition, type Rd4adPreset, reverseNetwork } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitTrainable } from '../../training/fit-trainable.ts';
import type { Trained } from '../../training/trainable.ts';
import { TrainingRun } from '../../training/training-run.ts';
import { keptFeatures } from '../feature-batches.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { assertFits } from './memory.ts';
import { reverseParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { rd4adTrainable } from './trainable.ts';

export const rd4ad: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitRd4ad,
};

async function fitRd4ad(options: FitOptions): Promise<FittedMethod> {
  const { heldOut, seed, levels, categories, maxSteps } = options;
  const features = keptFeatures(options.features);
  const preset = definition.resolve(options.preset, options.settings);
  const network = reverseNetwork(preset.network, levels);
  assertFits({ ...options, images: features.count });
  const trainable = rd4adTrainable({
    ...{ preset, network, seed, categories, maxSteps, features, heldOut },
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
    graph: traceProgram(scoresProgram(network, trained)),
    coverage: [coverageOf(trainable, trained.steps, features.count)],
    map: {
      grids: network.levels.map(({ grid }) => grid),
      ...{ alignCorners: true, combine: 'sum', smoothed: true },
    },
    ...describe(options, preset, totalSize(reverseParameters(network)), trained),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  { levels, maxSteps }: FitOptions,
  preset: Rd4adPreset,
  parameters: number,
  { steps, keptStep, losses }: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  return {
    config: {
      preset: { ...preset, ...(maxSteps === undefined ? {} : { maxSteps }) },
      levels: levels.map((level) => ({ ...level })),
      parameters,
      steps,
      keptStep,
      lastLoss: losses[steps - 1],
      score: 'sum over levels of 1 − cos(backbone, rebuilt) at each position',
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Trained a reversed network of ${parameters} parameters for ${steps} steps.`,
      ...(keptStep < steps
        ? [`The network of step ${keptStep} is kept: it rebuilt held-out normal images best.`]
        : []),
    ],
  };
}
