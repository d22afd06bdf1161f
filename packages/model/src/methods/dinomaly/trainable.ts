/** @file Dinomaly as it is trained: maps of the frozen backbone in, the same rebuilt behind a noisy bottleneck. */
import { batchedSteps, DINOMALY_PART, type DinomalyPreset } from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import { Dropout } from '../../nn/dropout.ts';
import type { Parameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import type { TracedInput } from '../../trace/index.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { stableOptimizer } from '../../training/optimizers.ts';
import { warmedUpRate } from '../../training/schedules.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Draw, HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { type MapModel, mapsLoss, mapsOf } from '../rebuilt-maps.ts';
import { readTokens, stepFeeds, tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { bottleneckNumbers, dinomalyForward } from './forward.ts';
import { dinomalyLoss, lastHard } from './loss.ts';
import { dinomalyParameters } from './parameters.ts';

export interface DinomalyFit {
  readonly preset: DinomalyPreset;
  readonly model: MapModel;
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  /** Held-out normal images, of which the best state is known. */
  readonly heldOut?: FeatureSource | undefined;
}

export function dinomalyTrainable(fit: DinomalyFit): Trainable {
  const { preset, model, seed, features } = fit;
  const { batchSize, steps } = batchedSteps(preset, { ...fit, images: features.count });
  const random = streamsOf(seed, DINOMALY_PART);
  const inputs = stepInputs(fit, batchSize);
  return {
    name: DINOMALY_PART,
    title: 'the decoder',
    steps,
    groups: [
      {
        name: DINOMALY_PART,
        parameters: dinomalyParameters(model.network),
        optimizer: stableOptimizer(preset),
        learningRate: (step) => warmedUpRate(preset, step, steps),
      },
    ],
    ...(preset.clipNorm === null ? {} : { clipNorm: preset.clipNorm }),
    inputs,
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: stepFeeds(inputs, fillOf(fit, batchSize)),
    step: ({ parameters, inputs: given }) =>
      differentiate(parameters, (named) => ({ loss: stepLoss(fit, named, given) })),
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate(),
  };
}

function stepLoss(
  { preset, model }: DinomalyFit,
  parameters: Parameters,
  inputs: Readonly<Record<string, Tensor>>,
): Tensor {
  const { dropout, hard } = inputs;
  const left = dropout === undefined ? null : new Dropout(dropout, preset.dropout);
  const { input, targets } = mapsOf(model, inputs);
  const rebuilt = dinomalyForward(new Weights(parameters), input, model.network, left);
  const { easyWeight } = preset;
  return dinomalyLoss(targets, rebuilt, hard === undefined ? null : { easyWeight, lastHard: hard });
}

/** `tokens0…`; `dropout` f32 `[K]` and `hard` f32 `[1]`, where the preset has them. */
function stepInputs(
  { preset, model }: Pick<DinomalyFit, 'preset' | 'model'>,
  batchSize: number,
): Record<string, TracedInput> {
  const damps = preset.easyWeight < 1 && preset.easyShare > 0;
  return {
    ...tokenInputs(model.levels, batchSize),
    ...(preset.dropout === 0
      ? {}
      : { dropout: { shape: [bottleneckNumbers(model.network, batchSize)] } }),
    ...(damps ? { hard: { shape: [1] } } : {}),
  };
}

/** Fills `stepInputs`. */
function fillOf(
  { preset, model, features }: DinomalyFit,
  batchSize: number,
): (name: string, draw: Draw, out: Float32Array) => void {
  const read = readTokens(features);
  const patches = batchSize * model.network.grid ** 2;
  return (name, { step, images, random }, out) => {
    if (name === 'dropout') random('dropout').fillUniform(out);
    else if (name === 'hard') out[0] = lastHard(preset, patches, step);
    else read(name, images, out);
  };
}

/** Held-out images are to be rebuilt best. */
function watchOf(fit: DinomalyFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, model, features, heldOut } = fit;
  return keepBestWatch({ preset, images: features.count, batchSize, heldOut }, (source) => ({
    name: 'dinomaly-held-out-loss',
    parameters: dinomalyParameters(model.network),
    inputs: tokenInputs(model.levels, batchSize),
    feeds: tokenFeeds(model.levels, source, batchSize),
    loss: ({ parameters, inputs }) => {
      const { input, targets } = mapsOf(model, inputs);
      return mapsLoss(targets, dinomalyForward(new Weights(parameters), input, model.network));
    },
  }));
}
