/** @file The decoder's training step, and the trained decoder, as tensor programs. */
import { abs, mean, mul, reshape, sub, type Tensor } from '@tensorflow/tfjs-core';
import { constantParameters } from '../nn/parameters.ts';
import { BATCH, type TensorProgram, type TracedInput } from '../trace/index.ts';
import { differentiate } from '../training/differentiate.ts';
import { adam } from '../training/optimizers.ts';
import { learningRate } from '../training/schedules.ts';
import type { StepSpec } from '../training/trainable.ts';
import { DECODER, type DecoderConfig } from './config.ts';
import { type ChannelScale, decoderForward } from './forward.ts';
import { decoderParameters } from './parameters.ts';

export interface DecoderStepOptions {
  readonly config: DecoderConfig;
  readonly scales: readonly ChannelScale[];
  readonly batchSize: number;
  /** Planned: the learning rate falls to 0 over them. */
  readonly steps: number;
}

/**
 * Loss: mean absolute difference of pixels in 0..1, which blurs less than a squared one.
 * Inputs: `tokens0…` f32 `[N, L, C]`; `pixels` f32 `[N, S, S, 3]` in 0..1.
 */
export function decoderStep({ config, scales, batchSize, steps }: DecoderStepOptions): StepSpec {
  const { imageSizePx: side } = config;
  const schedule = { learningRate: DECODER.learningRate, cosineDecay: true };
  return {
    name: 'decoder',
    groups: [
      {
        name: 'decoder',
        parameters: decoderParameters(config),
        optimizer: adam(),
        learningRate: (step) => learningRate(schedule, step, steps),
      },
    ],
    inputs: { ...tokenInputs(config, batchSize), pixels: { shape: [batchSize, side, side, 3] } },
    step: ({ parameters: given, inputs }) =>
      differentiate(given, (parameters) => {
        const tokens = config.levels.map((_, level) => inputs[`tokens${level}`] as Tensor);
        const picture = decoderForward(parameters, tokens, scales, config);
        return { loss: reshape(mean(abs(sub(picture, inputs['pixels'] as Tensor))), []) };
      }),
  };
}

/**
 * The trained decoder, batch open: `tokens0…` f32 `[N, L, C]` to `picture` f32 `[N, S, S, 3]`, RGB in 0..255, neither
 * clipped nor rounded.
 * @param weights f32, as `decoderParameters(config)`.
 */
export function decoderProgram(
  config: DecoderConfig,
  scales: readonly ChannelScale[],
  weights: Float32Array,
): TensorProgram {
  return {
    name: 'decoder',
    inputs: tokenInputs(config, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const tokens = config.levels.map((_, level) => given[`tokens${level}`] as Tensor);
      const parameters = constantParameters(decoderParameters(config), weights);
      return { picture: mul(decoderForward(parameters, tokens, scales, config), 255) };
    },
  };
}

function tokenInputs({ levels }: DecoderConfig, batch: number): Record<string, TracedInput> {
  return Object.fromEntries(
    levels.map(({ grid, channels }, level) => [
      `tokens${level}`,
      { shape: [batch, grid * grid, channels] },
    ]),
  );
}
