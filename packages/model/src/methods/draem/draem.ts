/** @file DRAEM behind the `Method` interface, in the unified setting: one pair of networks for all categories. */
import { draem as definition, draemNetwork } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitAlone, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FittedMethod, ImageFitOptions, ImagesMethod } from '../method.ts';
import { assertFits } from './memory.ts';
import { draemParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { draemTrainable } from './trainable.ts';

export const draem: ImagesMethod = {
  reads: 'images',
  definition,
  assertMemory: assertFits,
  fit: fitDraem,
};

/** Pixels on each side of the middle of the square whose mean is the image score, and of what image. */
const REACH_PX = 10;
const RELEASED_SIDE_PX = 256;

async function fitDraem(options: ImageFitOptions): Promise<FittedMethod> {
  const { images } = options;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: images.count });
  const { imageSizePx, width } = preset;
  const network = draemNetwork(width);
  const trainable = draemTrainable({ ...options, preset });
  const trained = await fitAlone(options, {
    ...{ trainable, preset, count: images.count, heldOut: undefined },
  });
  const parameters = totalSize(draemParameters(network));
  const side = 2 * Math.round((REACH_PX * imageSizePx) / RELEASED_SIDE_PX) + 1;
  return {
    graph: traceProgram(scoresProgram(network, imageSizePx, trained)),
    inputs: 'image',
    coverage: [coverageOf(trainable, trained.steps, images.count)],
    map: {
      ...{ grids: [imageSizePx], alignCorners: false, smoothed: false, sigma: 0 },
      imageScore: { kind: 'pooledMax', side },
    },
    config: {
      preset: presetFacts(preset, options),
      parameters,
      ...trainedFacts(trained),
      score: `probability of a defect; of an image the largest mean of ${side}×${side} pixels`,
      smoothedMap: 'none',
    },
    notes: [
      `Trained two networks of ${parameters} parameters together for ${trained.steps} steps. The backbone only tells categories apart.`,
    ],
  };
}
