/**
 * @file The reference decoder: features back into a picture, for people to look at; no score depends on it. After the
 * released decoder of He et al. (ECCV 2024), which shows what RLR reconstructs, made small enough for two minutes on a
 * CPU: the levels meet on one grid, a residual block sees a neighborhood, two sub-pixel convolutions (Shi et al., CVPR
 * 2016) double the resolution twice. N batch, L = grid² tokens, C channels.
 */
import {
  add,
  conv2d,
  customGrad,
  engine,
  image,
  leakyRelu,
  mul,
  reshape,
  reverse,
  sub,
  type Tensor,
  type Tensor4D,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Parameters } from '../nn/parameters.ts';
import { Weights } from '../nn/weights.ts';
import type { DecoderConfig } from './config.ts';

/** Mean and deviation of each channel of a level over the training images, f32 `[C]`. */
export interface ChannelScale {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/**
 * @param parameters As `decoderParameters(config)`.
 * @param tokens For each level f32 `[N, L, C]`.
 * @param scales One a level.
 * @returns f32 `[N, S, S, 3]`, RGB; 0..1 but for what it gets wrong.
 */
export function decoderForward(
  parameters: Parameters,
  tokens: readonly Tensor[],
  scales: readonly ChannelScale[],
  config: DecoderConfig,
): Tensor {
  const weights = new Weights(parameters);
  const met = tokens
    .map((level, index) => {
      const side = config.levels[index]?.grid ?? 1;
      const map = standardized(level, side, scales[index] as ChannelScale);
      return toGrid(convolution(weights.at(`level${index}`), map), config.grid);
    })
    .reduce((sum, level) => add(sum, level)); // [N, g, g, d]
  const hidden = convolution(weights.at('body.0'), active(met));
  const body = active(add(met, convolution(weights.at('body.1'), active(hidden))));
  const doubled = active(toPixels(convolution(weights.at('up.0'), body)));
  const fine = active(add(doubled, convolution(weights.at('fine'), doubled)));
  return add(toPixels(convolution(weights.at('up.1'), fine)), 0.5);
}

/** Not ReLU: with it, half of the units died in the first steps and the pictures were gray. */
const active = (x: Tensor): Tensor => leakyRelu(x, 0.1);

/** `[N, L, C]`, L = side², to `[N, side, side, C]` with mean 0 and deviation 1 in each channel. */
function standardized(tokens: Tensor, side: number, scale: ChannelScale): Tensor {
  const [n = 1, , channels = 1] = tokens.shape;
  const mean = tensor(scale.mean, [1, 1, channels]);
  const inverse = tensor(
    scale.deviation.map((value) => 1 / value),
    [1, 1, channels],
  );
  return reshape(mul(sub(tokens, mean), inverse), [n, side, side, channels]);
}

/** `[N, side, side, d]` to `[N, grid, grid, d]`. */
function toGrid(map: Tensor, grid: number): Tensor {
  if (map.shape[1] === grid) return map;
  return image.resizeBilinear(map as Tensor4D, [grid, grid], false, true);
}

/** Stride 1, same size. */
function convolution(layer: Weights, x: Tensor): Tensor {
  return add(convolved(x, layer.tensor('filter')), layer.tensor('bias'));
}

/** The gradient for the input is a convolution too, which onnxruntime does faster than a transposed one. */
const convolved = (x: Tensor, filter: Tensor): Tensor =>
  customGrad((pixels, weights) => ({
    value: conv2d(pixels as Tensor4D, weights as Tensor4D, 1, 'same'),
    gradFunc: (gradient: Tensor) => [
      conv2d(gradient as Tensor4D, turned(weights as Tensor4D), 1, 'same'),
      filterGradient(pixels as Tensor4D, gradient as Tensor4D, filter.shape),
    ],
  }))(x, filter);

/** Filters of odd sides turned by 180°, inputs and outputs swapped. */
function turned(filter: Tensor4D): Tensor4D {
  return transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]);
}

function filterGradient(x: Tensor4D, dy: Tensor4D, filterShape: number[]): Tensor {
  return engine().runKernel(
    'Conv2DBackpropFilter',
    { x, dy },
    { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', filterShape },
  ) as Tensor;
}

/** `[N, h, w, 4·C]` to `[N, 2h, 2w, C]`: four channels become a square of four pixels. */
function toPixels(x: Tensor): Tensor {
  const [n = 1, h = 1, w = 1, channels = 4] = x.shape;
  const squares = reshape(x, [n, h, w, 2, 2, channels / 4]);
  return reshape(transpose(squares, [0, 1, 3, 2, 4, 5]), [n, 2 * h, 2 * w, channels / 4]);
}
