/** @file FOD as it is trained, all levels together: their networks share nothing. */
import { batchedSteps, FOD_PART } from '@plumbline/contracts';
import { addN, type Tensor } from '@tensorflow/tfjs-core';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { chosenOptimizer } from '../../training/optimizers.ts';
import { learningRate } from '../../training/schedules.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { fodLoss, reconstructionLoss } from './loss.ts';
import { type FodLevel, type FodModel, fodLevels } from './network.ts';
import { fodParameters } from './parameters.ts';

export interface FodFit extends FodModel {
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  /** Held-out normal images, of which the best state is known. */
  readonly heldOut?: FeatureSource | undefined;
}

export function fodTrainable(fit: FodFit): Trainable {
  const { preset, levels, networks, seed, features } = fit;
  const { batchSize, steps } = batchedSteps(preset, { ...fit, images: features.count });
  const random = streamsOf(seed, FOD_PART);
  const feed = tokenFeeds(levels, features, batchSize);
  return {
    name: FOD_PART,
    title: 'the transformers',
    steps,
    groups: [
      {
        name: FOD_PART,
        parameters: fodParameters(networks),
        optimizer: chosenOptimizer(preset, 0),
        learningRate: (step) => learningRate(preset, step, steps),
      },
    ],
    inputs: tokenInputs(levels, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: ({ images }) => feed(images),
    step: ({ parameters, inputs }) =>
      differentiate(parameters, (given) => ({
        loss: sumOver(fodLevels(fit, given, inputs), ({ output, tokens }) =>
          fodLoss(output, tokens, preset),
        ),
      })),
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate(),
  };
}

function sumOver(levels: readonly FodLevel[], lossOf: (level: FodLevel) => Tensor): Tensor {
  return addN(levels.map(lossOf));
}

/** Held-out images are to be rebuilt best. */
function watchOf(fit: FodFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, levels, networks, features, heldOut } = fit;
  return keepBestWatch({ preset, images: features.count, batchSize, heldOut }, (source) => ({
    name: 'fod-held-out-loss',
    parameters: fodParameters(networks),
    inputs: tokenInputs(levels, batchSize),
    feeds: tokenFeeds(levels, source, batchSize),
    loss: ({ parameters, inputs }) =>
      sumOver(fodLevels(fit, parameters, inputs), ({ output, tokens }) =>
        reconstructionLoss(output.rebuilt, tokens),
      ),
  }));
}
