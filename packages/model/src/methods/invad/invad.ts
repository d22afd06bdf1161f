/** @file InvAD behind the `Method` interface, in the unified setting: one decoder for all categories. */
import {
  invad as definition,
  type InvadNetwork,
  type InvadPreset,
  invadNetwork,
  invadSize,
} from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { assertFits } from './memory.ts';
import { scoresProgram } from './score.ts';
import { invadTrainable } from './trainable.ts';

export const invad: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitInvad,
};

async function fitInvad(options: FitOptions): Promise<FittedMethod> {
  const { heldOut, seed, levels, categories, maxSteps } = options;
  const features = keptFeatures(options.features);
  const preset = definition.resolve(options.preset, options.settings);
  const network = invadNetwork(preset, levels);
  const { count } = features;
  assertFits({ ...options, images: count });
  const trainable = invadTrainable({
    ...{ preset, network, seed, categories, maxSteps, features, heldOut },
  });
  const trained = await fitAlone(options, { trainable, preset, count, heldOut });
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(network, trained)),
    coverage: [coverageOf(trainable, trained.steps, count)],
    map: { grids: [network.levels[0]?.grid ?? 1], alignCorners: true, smoothed: true },
    ...describe(options, preset, network, trained),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  options: FitOptions,
  preset: InvadPreset,
  network: InvadNetwork,
  trained: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  const parameters = invadSize(network);
  return {
    config: {
      preset: presetFacts(preset, options),
      levels: options.levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      score: '1 − cos(backbone, rebuilt) of all levels together at the finest grid',
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Trained a decoder of ${parameters} parameters for ${trained.steps} steps.`,
      ...keptNote(
        trained,
        (step) => `The network of step ${step} is kept: it rebuilt held-out normal images best.`,
      ),
    ],
  };
}
