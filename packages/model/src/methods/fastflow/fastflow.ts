/** @file FastFlow behind the `Method` interface, in the unified setting: one flow per feature level for all categories. */
import { fastflow as definition, type FastflowPreset } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitTrainable } from '../../training/fit-trainable.ts';
import type { Trained } from '../../training/trainable.ts';
import { TrainingRun } from '../../training/training-run.ts';
import { keptFeatures } from '../feature-batches.ts';
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
  const run = await TrainingRun.begin({
    ...options,
    identity: [preset, levels, trainable.steps, seed, features.count, heldOut?.count ?? 0],
    onProgress: ({ stage, step, steps, loss }) =>
      options.onProgress({ part: stage, step, steps, loss, fraction: step / steps }),
  });
  const trained = await fitTrainable(run, trainable);
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
  { levels, maxSteps }: FitOptions,
  preset: FastflowPreset,
  { steps, keptStep, losses }: Trained,
): Pick<FittedMethod, 'config' | 'notes'> {
  return {
    config: {
      preset: { ...preset, ...(maxSteps === undefined ? {} : { maxSteps }) },
      levels: levels.map((level) => ({ ...level })),
      parameters: totalSize(fastflowParameters(preset, levels)),
      steps,
      keptStep,
      lastLoss: losses[steps - 1],
      score:
        preset.score === 'likelihood'
          ? '1 − e^(−½ mean z²) of the flow’s output z'
          : '½ mean z² of the flow’s output z',
      smoothedMap: preset.sigma === 0 ? 'none' : `sigma ${preset.sigma} px`,
    },
    notes:
      keptStep < steps
        ? [
            `The flows after step ${keptStep} of ${steps} are kept: held-out normal images were likeliest to them.`,
          ]
        : [],
  };
}
