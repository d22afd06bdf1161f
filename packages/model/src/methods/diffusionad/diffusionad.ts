/** @file DiffusionAD behind the `Method` interface, in the unified setting: one pair of networks for all categories. */
import { diffusionad as definition, diffusionNetwork } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitAlone, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FittedMethod, ImageFitOptions, ImagesMethod } from '../method.ts';
import { SCORED_TIMES } from './diffusion.ts';
import { assertFits } from './memory.ts';
import { diffusionParameters } from './parameters.ts';
import { scoreNoise, scoresProgram } from './score.ts';
import { diffusionTrainable } from './trainable.ts';

export const diffusionad: ImagesMethod = {
  reads: 'images',
  definition,
  assertMemory: assertFits,
  fit: fitDiffusionad,
};

/** As released: the mean of the 50 largest of 256×256 pixels. */
const TOP_SHARE = 50 / 256 ** 2;

async function fitDiffusionad(options: ImageFitOptions): Promise<FittedMethod> {
  const { images, seed } = options;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: images.count });
  const { imageSizePx, width } = preset;
  const network = diffusionNetwork(width, imageSizePx);
  const trainable = diffusionTrainable({ ...options, preset });
  const trained = await fitAlone(options, {
    ...{ trainable, preset, count: images.count, heldOut: undefined },
  });
  const parameters = totalSize(diffusionParameters(network));
  const scoredBy = { ...trained, noise: scoreNoise(seed, imageSizePx) };
  return {
    graph: traceProgram(scoresProgram(network, imageSizePx, scoredBy)),
    inputs: 'image',
    coverage: [coverageOf(trainable, trained.steps, images.count)],
    map: {
      ...{ grids: [imageSizePx], alignCorners: false, smoothed: false, sigma: 0 },
      imageScore: { kind: 'topShare', share: TOP_SHARE },
    },
    config: {
      preset: presetFacts(preset, options),
      parameters,
      ...trainedFacts(trained),
      noise: `of seed ${seed}, the same for every image; times ${SCORED_TIMES.join(' and ')} of 1000`,
      foreground: 'the whole image, in place of a saliency network',
      score: 'probability of a defect; of an image the mean of its largest pixels, 50 of 256×256',
      smoothedMap: 'none',
    },
    notes: [
      `Trained two networks of ${parameters} parameters together for ${trained.steps} steps. The backbone only tells categories apart.`,
    ],
  };
}
