/** @file FastFlow's flows as they are trained, all levels together. N images, L places, C channels. */
import {
  batchedSteps,
  FASTFLOW_PART,
  type FastflowPreset,
  type FeatureLevel,
} from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Flowed, Mixing } from '../../nn/coupling.ts';
import type { Parameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { adam } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { type Whitening, whitened } from '../whitening.ts';
import { fastflowMixings, levelFlow } from './forward.ts';
import { fastflowLoss } from './loss.ts';
import { fastflowParameters, levelName } from './parameters.ts';

/** As released: what PyTorch's Adam calls its weight decay. */
const L2 = 1e-5;

export interface FastflowFit {
  readonly preset: FastflowPreset;
  readonly levels: readonly FeatureLevel[];
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  readonly heldOut?: FeatureSource | undefined;
  /** For each level, or null. */
  readonly whitenings: readonly (Whitening | null)[];
}

export function mixingsOf({ levels, preset, seed }: Omit<FastflowFit, 'features'>): Mixing[][] {
  return fastflowMixings(levels, preset.blocks, streamsOf(seed, FASTFLOW_PART));
}

export function fastflowTrainable(fit: FastflowFit): Trainable {
  const { preset, levels, seed, features } = fit;
  const { batchSize, steps } = batchedSteps(preset, { ...fit, images: features.count });
  const random = streamsOf(seed, FASTFLOW_PART);
  const mixings = mixingsOf(fit);
  const feed = tokenFeeds(levels, features, batchSize);
  return {
    name: FASTFLOW_PART,
    title: 'the flows',
    steps,
    groups: [
      {
        name: FASTFLOW_PART,
        parameters: fastflowParameters(preset, levels),
        optimizer: adam({ l2: L2 }),
        learningRate: () => preset.learningRate,
      },
    ],
    inputs: tokenInputs(levels, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: ({ images }) => feed(images),
    step: ({ parameters, inputs }) =>
      differentiate(parameters, (given) => ({
        loss: fastflowLoss(flowsOf(fit, mixings, given, inputs)),
      })),
    watch: watchOf(fit, mixings, batchSize),
    divergence: lowerLearningRate(),
  };
}

/** The flow of each level. @param inputs `tokens0…` f32 `[N, L, C]`. */
export function flowsOf(
  { levels, whitenings }: Pick<FastflowFit, 'levels' | 'whitenings'>,
  mixings: readonly (readonly Mixing[])[],
  parameters: Parameters,
  inputs: Readonly<Record<string, Tensor>>,
): Flowed[] {
  const weights = new Weights(parameters);
  return levels.map((_, level) => {
    const tokens = whitened(inputs[`tokens${level}`] as Tensor, whitenings[level] ?? null);
    return levelFlow(mixings[level] ?? [], weights.at(levelName(level)), tokens);
  });
}

/** The maps of held-out images are to be likely. */
function watchOf(
  fit: FastflowFit,
  mixings: readonly (readonly Mixing[])[],
  batchSize: number,
): HeldOutWatch | undefined {
  const { preset, levels, features, heldOut } = fit;
  return keepBestWatch({ preset, images: features.count, batchSize, heldOut }, (source) => ({
    name: 'fastflow-held-out-loss',
    parameters: fastflowParameters(preset, levels),
    inputs: tokenInputs(levels, batchSize),
    feeds: tokenFeeds(levels, source, batchSize),
    loss: ({ parameters, inputs }) => fastflowLoss(flowsOf(fit, mixings, parameters, inputs)),
  }));
}
