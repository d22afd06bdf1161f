/** @file RD4AD as it is trained: features of the frozen backbone in, the same rebuilt. N images, L positions, C channels. */
import {
  batchedSteps,
  RD4AD_PART,
  type Rd4adPreset,
  type ReverseNetwork,
  type TensorMap,
} from '@plumbline/contracts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import { allImages, EpochBatches, spreadBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { adam } from '../../training/optimizers.ts';
import { stepsBetweenChecks } from '../../training/plateau.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { distillationLoss, levelImages } from './distance.ts';
import { rebuiltLevels, rebuiltLevelsOfBatch } from './forward.ts';
import { reverseBuffers, reverseParameters } from './parameters.ts';
import { tokenInputs } from './score.ts';

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
  const feed = tokenFeeds(network, features, batchSize);
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
    inputs: tokenInputs(network, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: (draw) => feed(draw.images),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const levels = levelImages(network, inputs);
        const rebuilt = rebuiltLevelsOfBatch(network, new Weights(given), levels, buffers);
        return { loss: distillationLoss(levels, rebuilt.levels), buffers: rebuilt.buffers };
      }),
    watch: watchOf(fit, batchSize),
    divergence: {
      field: 'settings.learningRate',
      fix: 'Choose a lower learning rate or a largest gradient norm (clipNorm), and check that the training images are what they should be. The last good checkpoint is kept.',
    },
  };
}

/** Fills arrays that stay the same: a step is done with them before the next. */
function tokenFeeds(
  network: ReverseNetwork,
  features: FeatureSource,
  batchSize: number,
): (images: Int32Array) => TensorMap {
  const levels = network.levels.map(({ index, grid, channels }) => {
    const values = new Float32Array(batchSize * grid ** 2 * channels);
    return { index, values, tensor: float32([batchSize, grid ** 2, channels], values) };
  });
  return (images) => {
    for (const { index, values } of levels) features.read(index, images, values);
    return Object.fromEntries(levels.map(({ index, tensor }) => [`tokens${index}`, tensor]));
  };
}

/** When the preset keeps the best state and there are held-out images: their loss is to be the smallest. */
function watchOf(fit: Rd4adFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, network, features, heldOut } = fit;
  if (!preset.keepBest || heldOut === undefined || heldOut.count === 0) return undefined;
  return {
    everySteps: stepsBetweenChecks(features.count, batchSize),
    purpose: 'keepBest',
    heldOut: {
      name: 'rd4ad-held-out-loss',
      parameters: reverseParameters(network),
      buffers: reverseBuffers(network),
      inputs: tokenInputs(network, batchSize),
      batches: spreadBatches(heldOut.count, batchSize),
      feeds: tokenFeeds(network, heldOut, batchSize),
      loss: ({ parameters, buffers, inputs }) => {
        const levels = levelImages(network, inputs);
        const rebuilt = rebuiltLevels(network, new Weights(parameters), levels, buffers);
        return distillationLoss(levels, rebuilt);
      },
    },
  };
}
