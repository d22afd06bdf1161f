/** @file UniAD's network as it is trained. N images, T tokens, C channels of all levels, K numbers of the dropout. */
import { batchedSteps, type TensorMap, UNIAD_PART, type UniadPreset } from '@plumbline/contracts';
import { mean, squaredDifference, type Tensor } from '@tensorflow/tfjs-core';
import { Dropout } from '../../nn/dropout.ts';
import { jitter } from '../../nn/jitter.ts';
import { fillTabledNormal } from '../../nn/tabled-normal.ts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import type { TracedInput } from '../../trace/index.ts';
import { allImages, EpochBatches, spreadBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { adamW, muon, type Optimizer } from '../../training/optimizers.ts';
import { stepsBetweenChecks } from '../../training/plateau.ts';
import { learningRate } from '../../training/schedules.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Draw, HeldOutWatch, StepGiven, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { networkDropoutNumbers, uniadForward } from './forward.ts';
import { joinLevels, type Neck, neckInputs } from './neck.ts';
import { uniadParameters } from './parameters.ts';

/** As released. */
const WEIGHT_DECAY = 1e-4;
const CLIP_NORM = 0.1;

export interface UniadFit {
  readonly preset: UniadPreset;
  readonly neck: Neck;
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  /** Held-out normal images, to keep the best state. */
  readonly heldOut?: FeatureSource | undefined;
}

export function uniadTrainable(fit: UniadFit): Trainable {
  const { preset, neck, seed, features } = fit;
  const { batchSize, steps } = batchedSteps(preset, {
    ...{ images: features.count, categories: fit.categories, maxSteps: fit.maxSteps },
  });
  const random = streamsOf(seed, UNIAD_PART);
  return {
    name: UNIAD_PART,
    title: 'the transformer',
    steps,
    groups: [
      {
        name: UNIAD_PART,
        parameters: uniadParameters(neck.network),
        optimizer: optimizerOf(preset),
        learningRate: (step) => learningRate(scheduleOf(preset), step, steps),
      },
    ],
    clipNorm: CLIP_NORM,
    inputs: stepInputs(fit, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: stepFeeds(fit, batchSize),
    step: ({ parameters, inputs }) => {
      const tokens = joinLevels(inputs, neck);
      return differentiate(parameters, (given) => ({ loss: stepLoss(given, tokens, inputs, fit) }));
    },
    watch: watchOf(fit, batchSize),
    divergence: {
      field: 'settings.learningRate',
      fix: 'Choose a lower learning rate, and check that the training images are what they should be. The last good checkpoint is kept.',
    },
  };
}

function optimizerOf({
  optimizer,
  learningRate: rate,
  matrixLearningRate,
}: UniadPreset): Optimizer {
  return optimizer === 'adamw'
    ? adamW({ weightDecay: WEIGHT_DECAY })
    : muon({ weightDecay: WEIGHT_DECAY, matrixRate: matrixLearningRate / rate });
}

function scheduleOf({ learningRate: rate, decay }: UniadPreset) {
  return {
    learningRate: rate,
    ...(decay === 'step' ? { stepDecay: true } : { cosineDecay: true }),
  };
}

/** mean((y − x)²) of clean tokens x and what the network makes, y, of the jittered ones. */
function stepLoss(
  parameters: StepGiven['parameters'],
  tokens: Tensor,
  inputs: StepGiven['inputs'],
  { preset, neck }: Pick<UniadFit, 'preset' | 'neck'>,
): Tensor {
  const { noise, dropout } = inputs;
  const input = noise === undefined ? tokens : jitter(tokens, noise, preset.jitterScale);
  const left = dropout === undefined ? null : new Dropout(dropout, preset.dropout);
  const rebuilt = uniadForward(new Weights(parameters), input, neck.network, left);
  return mean(squaredDifference(rebuilt, tokens));
}

/** `tokens0…`; `noise` f32 `[N, T, C]` and `dropout` f32 `[K]`, where the preset has them. */
function stepInputs(
  { preset, neck }: Pick<UniadFit, 'preset' | 'neck'>,
  batchSize: number,
): Record<string, TracedInput> {
  const { grid, channels } = neck.network;
  const noise = { shape: [batchSize, grid ** 2, channels] };
  const dropout = { shape: [networkDropoutNumbers(neck.network, batchSize)] };
  return {
    ...neckInputs(neck, batchSize),
    ...(preset.jitterScale === 0 ? {} : { noise }),
    ...(preset.dropout === 0 ? {} : { dropout }),
  };
}

type Fill = (draw: Draw, out: Float32Array) => void;

/** Fills arrays that stay the same: a step is done with them before the next. */
function stepFeeds(fit: UniadFit, batchSize: number): (draw: Draw) => TensorMap {
  const fills = fillsOf(fit);
  const feeds = Object.entries(stepInputs(fit, batchSize)).map(([name, { shape }]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return { name, values, tensor: float32(shape, values) };
  });
  return (draw) => {
    for (const { name, values } of feeds) fills(name)(draw, values);
    return Object.fromEntries(feeds.map(({ name, tensor }) => [name, tensor]));
  };
}

function fillsOf({ preset, features }: UniadFit): (name: string) => Fill {
  const noise: Fill = ({ random }, out) => {
    const stream = random('jitter');
    if (stream.nextUniform() < preset.jitterProbability) fillTabledNormal(stream, out);
    else out.fill(0);
  };
  const dropout: Fill = ({ random }, out) => {
    const stream = random('dropout');
    for (let i = 0; i < out.length; i++) out[i] = stream.nextUniform();
  };
  return (name) => {
    if (name === 'noise') return noise;
    if (name === 'dropout') return dropout;
    return ({ images }, out) => features.read(Number(name.slice('tokens'.length)), images, out);
  };
}

/** When the preset keeps the best state and there are held-out images: the loss on clean tokens is to be the smallest. */
function watchOf(
  { preset, neck, features, heldOut }: UniadFit,
  batchSize: number,
): HeldOutWatch | undefined {
  if (!preset.keepBest || heldOut === undefined || heldOut.count === 0) return undefined;
  const inputs = neckInputs(neck, batchSize);
  const read = (images: Int32Array) =>
    neck.levels.map(({ grid, channels }, level) => {
      const values = new Float32Array(images.length * grid ** 2 * channels);
      heldOut.read(level, images, values);
      return [`tokens${level}`, float32([images.length, grid ** 2, channels], values)] as const;
    });
  return {
    everySteps: stepsBetweenChecks(features.count, batchSize),
    purpose: 'keepBest',
    heldOut: {
      name: 'uniad-held-out-loss',
      parameters: uniadParameters(neck.network),
      inputs,
      batches: spreadBatches(heldOut.count, batchSize),
      feeds: (images) => Object.fromEntries(read(images)),
      loss: ({ parameters, inputs: given }) => {
        const tokens = joinLevels(given, neck);
        const rebuilt = uniadForward(new Weights(parameters), tokens, neck.network);
        return mean(squaredDifference(rebuilt, tokens));
      },
    },
  };
}
