/** @file UniAD's network as it is trained. N images, T tokens, C channels of all levels, K numbers of the dropout. */
import { batchedSteps, UNIAD_PART, type UniadPreset } from '@plumbline/contracts';
import { mean, squaredDifference, type Tensor } from '@tensorflow/tfjs-core';
import { Dropout } from '../../nn/dropout.ts';
import { jitter } from '../../nn/jitter.ts';
import type { RandomStream } from '../../nn/random.ts';
import { fillTabledNormal } from '../../nn/tabled-normal.ts';
import { Weights } from '../../nn/weights.ts';
import type { TracedInput } from '../../trace/index.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { chosenOptimizer } from '../../training/optimizers.ts';
import { learningRate } from '../../training/schedules.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Draw, HeldOutWatch, StepGiven, Trainable } from '../../training/trainable.ts';
import { joinLevels } from '../join-levels.ts';
import type { FeatureSource } from '../method.ts';
import { readTokens, stepFeeds, tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { networkDropoutNumbers, uniadForward } from './forward.ts';
import type { Neck } from './neck.ts';
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
        optimizer: chosenOptimizer(preset, WEIGHT_DECAY),
        learningRate: (step) => learningRate(scheduleOf(preset), step, steps),
      },
    ],
    clipNorm: CLIP_NORM,
    inputs: stepInputs(fit, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: stepFeeds(stepInputs(fit, batchSize), fillOf(fit)),
    step: ({ parameters, inputs }) => {
      const tokens = joinLevels(inputs, neck, neck.network.grid);
      return differentiate(parameters, (given) => ({ loss: stepLoss(given, tokens, inputs, fit) }));
    },
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate(),
  };
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
    ...tokenInputs(neck.levels, batchSize),
    ...(preset.jitterScale === 0 ? {} : { noise }),
    ...(preset.dropout === 0 ? {} : { dropout }),
  };
}

/** Fills `stepInputs`. */
function fillOf({
  preset,
  features,
}: UniadFit): (name: string, draw: Draw, out: Float32Array) => void {
  const read = readTokens(features);
  return (name, { images, random }, out) => {
    if (name === 'noise') fillJitter(random('jitter'), preset, out);
    else if (name === 'dropout') random('dropout').fillUniform(out);
    else read(name, images, out);
  };
}

function fillJitter(
  stream: RandomStream,
  { jitterProbability }: Pick<UniadPreset, 'jitterProbability'>,
  out: Float32Array,
): void {
  if (stream.nextUniform() < jitterProbability) fillTabledNormal(stream, out);
  else out.fill(0);
}

/** The loss on clean tokens is to be the smallest. */
function watchOf(
  { preset, neck, features, heldOut }: UniadFit,
  batchSize: number,
): HeldOutWatch | undefined {
  return keepBestWatch({ preset, images: features.count, batchSize, heldOut }, (source) => ({
    name: 'uniad-held-out-loss',
    parameters: uniadParameters(neck.network),
    inputs: tokenInputs(neck.levels, batchSize),
    feeds: tokenFeeds(neck.levels, source, batchSize),
    loss: ({ parameters, inputs: given }) => {
      const tokens = joinLevels(given, neck, neck.network.grid);
      const rebuilt = uniadForward(new Weights(parameters), tokens, neck.network);
      return mean(squaredDifference(rebuilt, tokens));
    },
  }));
}
