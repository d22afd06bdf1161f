/** @file RD4AD as it is trained: features of the frozen backbone in, the same rebuilt. N images, L positions, C channels. */
import {
  batchedSteps,
  RD4AD_PART,
  type Rd4adPreset,
  type ReverseNetwork,
} from '@plumbline/contracts';
import { Weights } from '../../nn/weights.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { adam } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import type { FeatureSource } from '../method.ts';
import { tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { distillationLoss } from './distance.ts';
import { rebuiltLevels, rebuiltLevelsOfBatch } from './forward.ts';
import { reverseBuffers, reverseParameters } from './parameters.ts';

/** As released. */
const MOMENTS = { beta1: 0.5, beta2: 0.999 };

export interface Rd4adFit {
  readonly preset: Rd4adPreset;
  readonly network: ReverseNetwork;
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  /** Held-out normal images, of which the best state is known. */
  readonly heldOut?: FeatureSource | undefined;
}

export function rd4adTrainable(fit: Rd4adFit): Trainable {
  const { preset, network, seed, features } = fit;
  const { batchSize, steps } = batchedSteps(preset, {
    ...{ images: features.count, categories: fit.categories, maxSteps: fit.maxSteps },
  });
  const random = streamsOf(seed, RD4AD_PART);
  const feed = tokenFeeds(network.levels, features, batchSize);
  return {
    name: RD4AD_PART,
    title: 'the reversed network',
    steps,
    groups: [
      {
        name: 'network',
        parameters: reverseParameters(network),
        optimizer: adam(MOMENTS),
        learningRate: () => preset.learningRate,
      },
    ],
    buffers: reverseBuffers(network),
    ...(preset.clipNorm === null ? {} : { clipNorm: preset.clipNorm }),
    inputs: tokenInputs(network.levels, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: (draw) => feed(draw.images),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const levels = levelImages(network.levels, inputs);
        const rebuilt = rebuiltLevelsOfBatch(network, new Weights(given), levels, buffers);
        return { loss: distillationLoss(levels, rebuilt.levels), buffers: rebuilt.buffers };
      }),
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate(
      'learningRate',
      'a lower learning rate or a largest gradient norm (clipNorm)',
    ),
  };
}

/** The loss of held-out images is to be the smallest. */
function watchOf(fit: Rd4adFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, network, features, heldOut } = fit;
  return keepBestWatch({ preset, images: features.count, batchSize, heldOut }, (source) => ({
    name: 'rd4ad-held-out-loss',
    parameters: reverseParameters(network),
    buffers: reverseBuffers(network),
    inputs: tokenInputs(network.levels, batchSize),
    feeds: tokenFeeds(network.levels, source, batchSize),
    loss: ({ parameters, buffers, inputs }) => {
      const levels = levelImages(network.levels, inputs);
      const rebuilt = rebuiltLevels(network, new Weights(parameters), levels, buffers);
      return distillationLoss(levels, rebuilt);
    },
  }));
}
