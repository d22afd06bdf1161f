/** @file DiffusionAD as it is trained: images with made-up defects and noise. N images, S pixels a side. */
import {
  batchedSteps,
  DIFFUSIONAD_PART,
  type DiffusionadPreset,
  diffusionNetwork,
} from '@plumbline/contracts';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { fillTabledNormal } from '../../nn/tabled-normal.ts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { adam } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Draw, ParameterGroup, Trainable } from '../../training/trainable.ts';
import { unetParameters } from '../draem/parameters.ts';
import { type DefectOptions, type DefectRule, defectFeeds } from '../draem/synthesis.ts';
import type { ImageFitOptions } from '../method.ts';
import { LESS_NOISE_BELOW, MOST_NOISE_BELOW } from './diffusion.ts';
import { diffusionOutputsOfBatch } from './forward.ts';
import { diffusionLoss } from './loss.ts';
import { denoiserParameters, diffusionBuffers } from './parameters.ts';

/** As released. */
const DEFECTS: DefectRule = { turnedShare: 0, kept: [0.2, 0.8], mostMasks: 50, cut: 'itself' };
/** Steps in which the separating network's rate falls to 0, and in which it rises again. */
const HALF_WAVE = 10;

export interface DiffusionFit
  extends Pick<ImageFitOptions, 'seed' | 'maxSteps' | 'categories' | 'images'> {
  readonly preset: DiffusionadPreset;
}

export function diffusionTrainable({ preset, seed, images, ...fit }: DiffusionFit): Trainable {
  const { imageSizePx: side, textures, width } = preset;
  const { batchSize, steps } = batchedSteps(preset, { images: images.count, ...fit });
  const network = diffusionNetwork(width, side);
  const random = streamsOf(seed, DIFFUSIONAD_PART);
  return {
    name: DIFFUSIONAD_PART,
    title: 'the denoising and the separating network',
    steps,
    groups: groupsOf(preset),
    buffers: diffusionBuffers(network),
    inputs: {
      damaged: { shape: [batchSize, side, side, 3] },
      masks: { shape: [batchSize, side, side, 1] },
      noise: { shape: [batchSize, 2, side, side, 3] },
      times: { shape: [batchSize, 2] },
    },
    random,
    batches: new EpochBatches(allImages(images.count), batchSize, random),
    feeds: noisyFeeds({ images, batchSize, side, textures, rule: DEFECTS }),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const { noise, times } = inputs as { readonly noise: Tensor; readonly times: Tensor };
        const noised = { images: inputs['damaged'] as Tensor4D, noise, times };
        const found = diffusionOutputsOfBatch(network, new Weights(given), noised, buffers);
        const loss = diffusionLoss(found, noise, inputs['masks'] as Tensor4D);
        return { loss, buffers: found.buffers };
      }),
    divergence: lowerLearningRate(),
  };
}

function groupsOf(preset: DiffusionadPreset): ParameterGroup[] {
  const { denoiser, separating } = diffusionNetwork(preset.width, preset.imageSizePx);
  const wave = (step: number) => (1 + Math.cos((Math.PI * step) / HALF_WAVE)) / 2;
  return [
    {
      ...{ name: 'denoiser', parameters: denoiserParameters(denoiser), optimizer: adam() },
      learningRate: () => preset.learningRate,
    },
    {
      ...{ name: 'separating', parameters: unetParameters(separating), optimizer: adam() },
      learningRate: (step) => preset.separatingLearningRate * wave(step),
    },
  ];
}

/** Images with defects, where these are, noise and times. */
function noisyFeeds(options: DefectOptions) {
  const { batchSize, side } = options;
  const feed = defectFeeds(options);
  const noise = new Float32Array(batchSize * 2 * side ** 2 * 3);
  return async (draw: Draw) => {
    const { damaged, masks } = await feed(draw);
    fillTabledNormal(draw.random('noise'), noise);
    const random = draw.random('times');
    const times = Array.from({ length: batchSize }, () => [
      random.nextInteger(LESS_NOISE_BELOW),
      LESS_NOISE_BELOW + random.nextInteger(MOST_NOISE_BELOW - LESS_NOISE_BELOW),
    ]);
    return {
      damaged: damaged as NonNullable<typeof damaged>,
      masks: masks as NonNullable<typeof masks>,
      noise: float32([batchSize, 2, side, side, 3], noise),
      times: float32([batchSize, 2], times.flat()),
    };
  };
}
