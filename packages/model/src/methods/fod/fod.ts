/** @file FOD behind the `Method` interface, in the unified setting: one network per feature level for all categories. */
import { fod as definition, FOD_PART, fodNetworks } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
import { whiteningsOf } from '../join-levels.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { assertFits } from './memory.ts';
import type { FodModel } from './network.ts';
import { fodParameters } from './parameters.ts';
import { fodReferences } from './references.ts';
import { scoresProgram } from './score.ts';
import { fodTrainable } from './trainable.ts';

export const fod: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitFod,
};

async function fitFod(options: FitOptions): Promise<FittedMethod> {
  const { levels, seed, heldOut, categories, maxSteps, signal } = options;
  const preset = definition.resolve(options.preset, options.settings);
  const features = keptFeatures(options.features);
  assertFits({ ...options, images: features.count });
  const random = streamsOf(seed, FOD_PART);
  const model: FodModel = {
    ...{ preset, levels, networks: fodNetworks(preset, levels) },
    references: fodReferences(preset, categories, { levels, features, random, signal }),
    whitenings: whiteningsOf(preset, levels, features),
  };
  const trainable = fodTrainable({ ...model, seed, categories, maxSteps, features, heldOut });
  const { count } = features;
  const trained = await fitAlone(options, { trainable, preset, count, heldOut });
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(model, trained.weights)),
    coverage: [coverageOf(trainable, trained.steps, count)],
    map: { grids: levels.map(({ grid }) => grid), alignCorners: true, smoothed: false },
    ...describe(options, model, trained),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  options: FitOptions,
  { preset, levels, networks, references }: FodModel,
  trained: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  const parameters = totalSize(fodParameters(networks));
  return {
    config: {
      preset: presetFacts(preset, options),
      levels: levels.map(({ tap }, level) => ({ tap, ...networks[level] })),
      references: references.count,
      parameters,
      ...trainedFacts(trained),
      score:
        preset.score === 'both'
          ? 'mean (rebuilt − feature)² + 1 − cosine, times how attention to the reference departs from what lies nearby'
          : 'mean (rebuilt − feature)² + 1 − cosine',
      smoothedMap: 'none; the image score is the maximum of the map smoothed by sigma 4 px',
    },
    notes: [
      `Trained transformers of ${parameters} parameters together for ${trained.steps} steps, beside ${references.count} average image(s).`,
      ...keptNote(
        trained,
        (step) =>
          `The networks of step ${step} are kept: they rebuilt held-out normal images best.`,
      ),
    ],
  };
}
