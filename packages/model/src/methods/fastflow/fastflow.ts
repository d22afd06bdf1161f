/** @file FastFlow behind the `Method` interface, in the unified setting: one flow per feature level for all categories. */
import { fastflow as definition, type FastflowPreset } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { whiteningOf } from '../whitening.ts';
import { assertFits } from './memory.ts';
import { fastflowParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { fastflowTrainable } from './trainable.ts';

export const fastflow: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitFastflow,
};

async function fitFastflow(options: FitOptions): Promise<FittedMethod> {
  const { levels, seed, heldOut, categories, maxSteps } = options;
  const preset = definition.resolve(options.preset, options.settings);
  const features = keptFeatures(options.features);
  assertFits({ ...options, images: features.count });
  const whitenings = levels.map((size, level) =>
    preset.whitening ? whiteningOf({ ...size, features, level }) : null,
  );
  const fit = { preset, levels, seed, categories, maxSteps, features, heldOut, whitenings };
  const trainable = fastflowTrainable(fit);
  const trained = await fitAlone(options, { trainable, preset, count: features.count, heldOut });
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(fit, trained.weights)),
    coverage: [coverageOf(trainable, trained.steps, features.count)],
    map: {
      grids: levels.map(({ grid }) => grid),
      ...{ alignCorners: false, smoothed: false, combine: 'mean', sigma: preset.sigma },
    },
    ...describe(options, preset, trained),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  options: FitOptions,
  preset: FastflowPreset,
  trained: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  const { levels } = options;
  return {
    config: {
      preset: presetFacts(preset, options),
      levels: levels.map((level) => ({ ...level })),
      parameters: totalSize(fastflowParameters(preset, levels)),
      ...trainedFacts(trained),
      score:
        preset.score === 'likelihood'
          ? '1 − e^(−½ mean z²) of the flow’s output z'
          : '½ mean z² of the flow’s output z',
      smoothedMap: preset.sigma === 0 ? 'none' : `sigma ${preset.sigma} px`,
    },
    notes: keptNote(
      trained,
      (step, steps) =>
        `The flows after step ${step} of ${steps} are kept: held-out normal images were likeliest to them.`,
    ),
  };
}
