/** @file The decoder's training step, and the trained decoder, as tensor programs. */
import { abs, mean, mul, reshape, sub, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';
import type { AdamConfig } from '../nn/adam.ts';
import { byName, constantParameters, type ParameterSpec } from '../nn/parameters.ts';
import { nextState, RATE_INPUTS, stateInputs, stateWeights } from '../nn/training-state.ts';
import { BATCH, type TensorProgram, type TracedInput } from '../trace/index.ts';
import type { DecoderConfig } from './config.ts';
import { type ChannelScale, decoderForward } from './forward.ts';
import { decoderParameters } from './parameters.ts';

export interface DecoderStepOptions {
  readonly config: DecoderConfig;
  readonly scales: readonly ChannelScale[];
  readonly batchSize: number;
  readonly adam: AdamConfig;
}

/**
 * Loss: mean absolute difference of pixels in 0..1, which blurs less than a squared one.
 *
 * Inputs: the state by `stateInputs`; `tokens0…` f32 `[N, L, C]`; `pixels` f32 `[N, S, S, 3]` in 0..1; `stepSize`,
 * `epsilon`, `keep` f32 scalars (`adamRates`). Outputs: the state after the step, and `loss`, scalar, before it.
 */
export function decoderStepProgram(options: DecoderStepOptions): TensorProgram {
  const { config, batchSize } = options;
  const specs = decoderParameters(config);
  const inputs: Record<string, TracedInput> = {
    ...stateInputs(specs),
    ...tokenInputs(config, batchSize),
    pixels: { shape: [batchSize, config.imageSizePx, config.imageSizePx, 3] },
    ...RATE_INPUTS,
  };
  return { name: 'decoder-training-step', inputs, body: (given) => step(given, specs, options) };
}

function step(
  given: Readonly<Record<string, Tensor>>,
  specs: readonly ParameterSpec[],
  { config, scales, adam }: DecoderStepOptions,
): Record<string, Tensor> {
  const at = (name: string): Tensor => given[name] as Tensor;
  const lossOf = (...parameters: Tensor[]) => {
    const tokens = config.levels.map((_, level) => at(`tokens${level}`));
    const picture = decoderForward(byName(parameters, specs), tokens, scales, config);
    return reshape(mean(abs(sub(picture, at('pixels')))), []);
  };
  const { value, grads } = valueAndGrads(lossOf)(stateWeights(given, specs));
  return { loss: value, ...nextState(given, specs, grads, adam) };
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
