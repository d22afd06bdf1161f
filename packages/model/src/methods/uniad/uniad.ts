/** @file UniAD behind the `Method` interface, in the unified setting: one network for all categories. */
import { uniad as definition, type UniadPreset } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
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
  const trained = await fitAlone(options, { trainable, preset, count: features.count, heldOut });
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
  options: FitOptions,
  preset: UniadPreset,
  { network, levels }: Neck,
  trained: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  const parameters = totalSize(uniadParameters(network));
  return {
    config: {
      preset: presetFacts(preset, options),
      network,
      levels: levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      score: '√Σ (rebuilt − feature)² over the channels',
      smoothedMap: 'none',
    },
    notes: [
      `Trained a transformer of ${parameters} parameters for ${trained.steps} steps.`,
      ...keptNote(
        trained,
        (step) => `The network of step ${step} is kept: it rebuilt held-out normal images best.`,
      ),
    ],
  };
}
