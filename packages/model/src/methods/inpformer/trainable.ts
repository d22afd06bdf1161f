/** @file INP-Former as it is trained: maps of the frozen backbone in, the same rebuilt of the image's prototypes. */
import { batchedSteps, INPFORMER_PART, type InpFormerPreset } from '@plumbline/contracts';
import { Weights } from '../../nn/weights.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { stableOptimizer } from '../../training/optimizers.ts';
import { warmedUpRate } from '../../training/schedules.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { type MapModel, mapsLoss, mapsOf } from '../rebuilt-maps.ts';
import { tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { inpFormerForward } from './forward.ts';
import { inpFormerLoss } from './loss.ts';
import { type InpNetwork, inpFormerParameters } from './parameters.ts';

export interface InpFormerFit {
  readonly preset: InpFormerPreset;
  readonly model: MapModel;
  readonly network: InpNetwork;
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  /** Held-out normal images, of which the best state is known. */
  readonly heldOut?: FeatureSource | undefined;
}

export function inpFormerTrainable(fit: InpFormerFit): Trainable {
  const { preset, model, network, seed, features } = fit;
  const { batchSize, steps } = batchedSteps(preset, { ...fit, images: features.count });
  const random = streamsOf(seed, INPFORMER_PART);
  const feed = tokenFeeds(model.levels, features, batchSize);
  return {
    name: INPFORMER_PART,
    title: 'the prototypes and the decoder',
    steps,
    groups: [
      {
        name: INPFORMER_PART,
        parameters: inpFormerParameters(network),
        optimizer: stableOptimizer(preset),
        learningRate: (step) => warmedUpRate(preset, step, steps),
      },
    ],
    ...(preset.clipNorm === null ? {} : { clipNorm: preset.clipNorm }),
    inputs: tokenInputs(model.levels, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: ({ images }) => feed(images),
    step: ({ parameters, inputs }) =>
      differentiate(parameters, (named) => {
        const maps = mapsOf(model, inputs);
        const output = inpFormerForward(new Weights(named), maps.input, network);
        return { loss: inpFormerLoss(output, maps, preset) };
      }),
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate(),
  };
}

/** Held-out images are to be rebuilt best. */
function watchOf(fit: InpFormerFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, model, network, features, heldOut } = fit;
  return keepBestWatch({ preset, images: features.count, batchSize, heldOut }, (source) => ({
    name: 'inpformer-held-out-loss',
    parameters: inpFormerParameters(network),
    inputs: tokenInputs(model.levels, batchSize),
    feeds: tokenFeeds(model.levels, source, batchSize),
    loss: ({ parameters, inputs }) => {
      const { input, targets } = mapsOf(model, inputs);
      const { rebuilt } = inpFormerForward(new Weights(parameters), input, network);
      return mapsLoss(targets, rebuilt);
    },
  }));
}
