/** @file STFPM behind the `Method` interface, in the unified setting: one student for all categories. */
import { stfpm as definition, type StfpmPreset } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { fitAlone, keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
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
  const { images, heldOut, levels } = options;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: images.count });
  const architecture = readArchitecture(options.backbone);
  const trainable = stfpmTrainable({ ...options, preset, architecture });
  const trained = await fitAlone(options, { trainable, preset, count: images.count, heldOut });
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
  options: ImageFitOptions,
  { preset, architecture, trained }: Fitted,
): Pick<FittedMethod, 'config' | 'notes'> {
  const { levels } = options;
  const parameters = totalSize(studentParameters(architecture));
  return {
    config: {
      preset: presetFacts(preset, options),
      grid: finestGrid(levels),
      levels: levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      score: 'product over levels of ‖teacher − student‖² of unit feature vectors',
      smoothedMap: 'none',
    },
    notes: [
      `Trained a student of ${parameters} parameters for ${trained.steps} steps.`,
      ...keptNote(
        trained,
        (step) =>
          `The student of step ${step} is kept: held-out normal images looked most normal to it.`,
      ),
    ],
  };
}
