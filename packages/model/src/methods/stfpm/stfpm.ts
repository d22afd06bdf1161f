/** @file STFPM behind the `Method` interface, in the unified setting: one student for all categories. */
import { stfpm as definition, type StfpmPreset } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitTrainable } from '../../training/fit-trainable.ts';
import type { Trained } from '../../training/trainable.ts';
import { TrainingRun } from '../../training/training-run.ts';
import type { FittedMethod, ImageFitOptions, ImagesMethod } from '../method.ts';
import { type Architecture, readArchitecture } from './architecture.ts';
import { finestGrid } from './distance.ts';
import { assertFits } from './memory.ts';
import { studentParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { stfpmTrainable } from './trainable.ts';

export const stfpm: ImagesMethod = {
  reads: 'images',
  definition,
  assertMemory: assertFits,
  fit: fitStfpm,
};

async function fitStfpm(options: ImageFitOptions): Promise<FittedMethod> {
  const { images, heldOut, seed, levels } = options;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: images.count });
  const architecture = readArchitecture(options.backbone);
  const trainable = stfpmTrainable({ ...options, preset, architecture });
  const run = await TrainingRun.begin({
    ...options,
    identity: [preset, levels, trainable.steps, seed, images.count, heldOut?.count ?? 0],
    onProgress: ({ stage, step, steps, loss }) =>
      options.onProgress({ part: stage, step, steps, loss, fraction: step / steps }),
  });
  const trained = await fitTrainable(run, trainable);
  const { imageSizePx } = preset;
  return {
    graph: traceProgram(scoresProgram({ architecture, levels, imageSizePx }, trained)),
    inputs: 'image',
    coverage: [coverageOf(trainable, trained.steps, images.count)],
    map: { grids: [finestGrid(levels)], alignCorners: false, smoothed: false, sigma: 0 },
    ...describe(options, { preset, architecture, trained }),
  };
}

interface Fitted {
  readonly preset: StfpmPreset;
  readonly architecture: Architecture;
  readonly trained: Trained;
}

/** What the manifest and the log say of the fit. */
function describe(
  { levels, maxSteps }: ImageFitOptions,
  { preset, architecture, trained }: Fitted,
): Pick<FittedMethod, 'config' | 'notes'> {
  const { steps, keptStep, losses } = trained;
  const parameters = totalSize(studentParameters(architecture));
  return {
    config: {
      preset: { ...preset, ...(maxSteps === undefined ? {} : { maxSteps }) },
      grid: finestGrid(levels),
      levels: levels.map((level) => ({ ...level })),
      parameters,
      steps,
      keptStep,
      lastLoss: losses[steps - 1],
      score: 'product over levels of ‖teacher − student‖² of unit feature vectors',
      smoothedMap: 'none',
    },
    notes: [
      `Trained a student of ${parameters} parameters for ${steps} steps.`,
      ...(keptStep < steps
        ? [
            `The student of step ${keptStep} is kept: held-out normal images looked most normal to it.`,
          ]
        : []),
    ],
  };
}
