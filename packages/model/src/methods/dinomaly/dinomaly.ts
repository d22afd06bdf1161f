/** @file Dinomaly behind the `Method` interface, in the unified setting: one decoder for all categories. */
import { type DinomalyPreset, dinomaly as definition } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { type MapModel, planMaps, RELEASED_SCORE, releasedMapRule } from '../rebuilt-maps.ts';
import { assertFits } from './memory.ts';
import { dinomalyParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { dinomalyTrainable } from './trainable.ts';

export const dinomaly: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitDinomaly,
};

async function fitDinomaly(options: FitOptions): Promise<FittedMethod> {
  const { heldOut, seed, levels, categories, maxSteps } = options;
  const features = keptFeatures(options.features);
  const { count } = features;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: count });
  const model = planMaps(preset, levels, features);
  const trainable = dinomalyTrainable({
    ...{ preset, model, seed, categories, maxSteps, features, heldOut },
  });
  const trained = await fitAlone(options, { trainable, preset, count, heldOut });
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(model, trained.weights)),
    coverage: [coverageOf(trainable, trained.steps, count)],
    map: releasedMapRule(model.network, preset.imageSizePx),
    ...describe(options, preset, model, trained),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  options: FitOptions,
  preset: DinomalyPreset,
  { network, levels }: MapModel,
  trained: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  const parameters = totalSize(dinomalyParameters(network));
  return {
    config: {
      preset: presetFacts(preset, options),
      network,
      levels: levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      ...RELEASED_SCORE,
    },
    notes: [
      `Trained a bottleneck and a decoder of ${parameters} parameters for ${trained.steps} steps.`,
      ...keptNote(
        trained,
        (step) => `The network of step ${step} is kept: it rebuilt held-out normal images best.`,
      ),
    ],
  };
}
