/** @file RD4AD behind the `Method` interface, in the unified setting: one network for all categories. */
import { rd4ad as definition, type Rd4adPreset, reverseNetwork } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
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
  const trained = await fitAlone(options, { trainable, preset, count: features.count, heldOut });
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
  options: FitOptions,
  preset: Rd4adPreset,
  parameters: number,
  trained: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  return {
    config: {
      preset: presetFacts(preset, options),
      levels: options.levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      score: 'sum over levels of 1 − cos(backbone, rebuilt) at each position',
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Trained a reversed network of ${parameters} parameters for ${trained.steps} steps.`,
      ...keptNote(
        trained,
        (step) => `The network of step ${step} is kept: it rebuilt held-out normal images best.`,
      ),
    ],
  };
}
