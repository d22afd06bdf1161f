/** @file INP-Former behind the `Method` interface, in the unified setting: one network for all categories. */
import { inpformer as definition, type InpFormerPreset } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { planMaps, RELEASED_SCORE, releasedMapRule } from '../rebuilt-maps.ts';
import { assertFits } from './memory.ts';
import { type InpNetwork, inpFormerParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { inpFormerTrainable } from './trainable.ts';

export const inpformer: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitInpFormer,
};

async function fitInpFormer(options: FitOptions): Promise<FittedMethod> {
  const { heldOut, seed, levels, categories, maxSteps } = options;
  const features = keptFeatures(options.features);
  const { count } = features;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: count });
  const model = planMaps(preset, levels, features);
  const network: InpNetwork = { ...model.network, prototypes: preset.prototypes };
  const trainable = inpFormerTrainable({
    ...{ preset, model, network, seed, categories, maxSteps, features, heldOut },
  });
  const trained = await fitAlone(options, { trainable, preset, count, heldOut });
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(model, network, trained.weights)),
    coverage: [coverageOf(trainable, trained.steps, count)],
    map: releasedMapRule(network, preset.imageSizePx),
    ...describe(options, preset, network, trained),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  options: FitOptions,
  preset: InpFormerPreset,
  network: InpNetwork,
  trained: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  const parameters = totalSize(inpFormerParameters(network));
  return {
    config: {
      preset: presetFacts(preset, options),
      network,
      levels: options.levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      ...RELEASED_SCORE,
    },
    notes: [
      `Trained ${network.prototypes} prototypes and a decoder of ${parameters} parameters for ${trained.steps} steps.`,
      ...keptNote(
        trained,
        (step) => `The network of step ${step} is kept: it rebuilt held-out normal images best.`,
      ),
    ],
  };
}
