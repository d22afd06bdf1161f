/** @file RD++ as it is trained: images with and without noise in, the frozen backbone part of each step. N images. */
import {
  batchedSteps,
  RDPP_PART,
  type RdppPreset,
  type ReverseNetwork,
} from '@plumbline/contracts';
import { add, mul, split, type Tensor4D } from '@tensorflow/tfjs-core';
import { buildTokensGraph } from '../../export/feature-graph.ts';
import { Weights } from '../../nn/weights.ts';
import type { FrozenGraph } from '../../trace/index.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { adam } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { StepGiven, StepResult, Trainable } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import type { ImageFitOptions } from '../method.ts';
import { distillationLoss } from '../rd4ad/distance.ts';
import { rebuiltLevelsOfBatch } from '../rd4ad/forward.ts';
import { reverseBuffers, reverseParameters } from '../rd4ad/parameters.ts';
import { tokenInputs } from '../step-feeds.ts';
import { projected } from './forward.ts';
import { projectionLoss } from './loss.ts';
import { patchFeeds } from './noisy-patches.ts';
import { projectionParameters } from './parameters.ts';

/** As released. */
const MOMENTS = { beta1: 0.5, beta2: 0.999 };
const PROJECTION_SHARE = 0.2;

export interface RdppFit
  extends Pick<ImageFitOptions, 'seed' | 'maxSteps' | 'categories' | 'images' | 'backbone'> {
  readonly preset: RdppPreset;
  readonly network: ReverseNetwork;
}

export function rdppTrainable({ preset, network, seed, images, ...fit }: RdppFit): Trainable {
  const { imageSizePx: side } = preset;
  const { batchSize, steps } = batchedSteps(preset, { images: images.count, ...fit });
  const random = streamsOf(seed, RDPP_PART);
  const fallen = (rate: number) => (step: number) => (step < 0.8 * steps ? rate : 0.1 * rate);
  const optimizer = adam(MOMENTS);
  return {
    name: RDPP_PART,
    title: 'the projections and the reversed network',
    steps,
    groups: [
      {
        ...{ name: 'projections', parameters: projectionParameters(network), optimizer },
        learningRate: fallen(preset.projectionLearningRate),
      },
      {
        ...{ name: 'network', parameters: reverseParameters(network), optimizer },
        learningRate: fallen(preset.learningRate),
      },
    ],
    buffers: reverseBuffers(network),
    ...(preset.clipNorm === null ? {} : { clipNorm: preset.clipNorm }),
    inputs: { pixels: { shape: [2 * batchSize, 3, side, side] } },
    frozen: teacherOf(network, fit.backbone, 2 * batchSize),
    random,
    batches: new EpochBatches(allImages(images.count), batchSize, random),
    feeds: patchFeeds({ images, batchSize, side, random }),
    step: stepOf(network),
    divergence: lowerLearningRate(
      'learningRate',
      'a lower learning rate or a largest gradient norm (clipNorm)',
    ),
  };
}

function teacherOf(
  { levels }: ReverseNetwork,
  backbone: RdppFit['backbone'],
  images: number,
): FrozenGraph {
  const outputs = Object.entries(tokenInputs(levels, images));
  return {
    model: buildTokensGraph(backbone),
    inputs: { pixels: 'pixels' },
    outputs: Object.fromEntries(outputs.map(([name, { shape }]) => [name, shape])),
  };
}

/** Its inputs: tokens of the images, then of the same images with noise. */
function stepOf(network: ReverseNetwork): (given: StepGiven) => StepResult {
  return ({ parameters, buffers, inputs }) =>
    differentiate(parameters, (given) => {
      const weights = new Weights(given);
      const halves = (x: Tensor4D) => split(x, 2) as [Tensor4D, Tensor4D];
      const all = levelImages(network.levels, inputs);
      const [levels, noisy] = [all.map((x) => halves(x)[0]), all.map((x) => halves(x)[1])];
      // An image's projection depends on no other.
      const both = projected(network, weights, all).map(halves);
      const ofClean = both.map(([clean]) => clean);
      const ofNoisy = both.map(([, other]) => other);
      const rebuilt = rebuiltLevelsOfBatch(network, weights, ofClean, buffers);
      const extra = mul(PROJECTION_SHARE, projectionLoss(noisy, { ofNoisy, ofClean }));
      const loss = add(distillationLoss(levels, rebuilt.levels), extra);
      return { loss, buffers: rebuilt.buffers };
    });
}
