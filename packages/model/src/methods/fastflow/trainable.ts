/** @file FastFlow's flows as they are trained, all levels together. N images, L places, C channels. */
import {
  batchedSteps,
  FASTFLOW_PART,
  type FastflowPreset,
  type FeatureLevel,
  type TensorMap,
} from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Flowed, Mixing } from '../../nn/coupling.ts';
import type { Parameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import type { TracedInput } from '../../trace/index.ts';
import { allImages, EpochBatches, spreadBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { adam } from '../../training/optimizers.ts';
import { stepsBetweenChecks } from '../../training/plateau.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
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
    divergence: {
      field: 'settings.learningRate',
      fix: 'Choose a lower learning rate, and check that the training images are what they should be. The last good checkpoint is kept.',
    },
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

function tokenInputs(
  levels: readonly FeatureLevel[],
  batchSize: number,
): Record<string, TracedInput> {
  const inputs = levels.map(
    ({ grid, channels }, level) =>
      [`tokens${level}`, { shape: [batchSize, grid ** 2, channels] }] as const,
  );
  return Object.fromEntries(inputs);
}

/** Fills arrays that stay the same: a step is done with them before the next. */
function tokenFeeds(
  levels: readonly FeatureLevel[],
  features: FeatureSource,
  batchSize: number,
): (images: Int32Array) => TensorMap {
  const feeds = Object.entries(tokenInputs(levels, batchSize)).map(([name, { shape }]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return { name, values, tensor: float32(shape, values) };
  });
  return (images) => {
    for (const [level, { values }] of feeds.entries()) features.read(level, images, values);
    return Object.fromEntries(feeds.map(({ name, tensor }) => [name, tensor]));
  };
}

/** When the preset keeps the best state and there are held-out images: their maps are to be likely. */
function watchOf(
  fit: FastflowFit,
  mixings: readonly (readonly Mixing[])[],
  batchSize: number,
): HeldOutWatch | undefined {
  const { preset, levels, features, heldOut } = fit;
  if (!preset.keepBest || heldOut === undefined || heldOut.count === 0) return undefined;
  return {
    purpose: 'keepBest',
    everySteps: stepsBetweenChecks(features.count, batchSize),
    heldOut: {
      name: 'fastflow-held-out-loss',
      parameters: fastflowParameters(preset, levels),
      inputs: tokenInputs(levels, batchSize),
      batches: spreadBatches(heldOut.count, batchSize),
      feeds: tokenFeeds(levels, heldOut, batchSize),
      loss: ({ parameters, inputs }) => fastflowLoss(flowsOf(fit, mixings, parameters, inputs)),
    },
  };
}
