/**
 * @file The network that says which noise is in an image: guided-diffusion's U-Net (Dhariwal and Nichol 2021), as released with
 * DiffusionAD. N images, T times of each, S pixels a side, C channels, E numbers of an embedded time.
 */
import { DENOISER_HEADS, type Denoiser, type DenoiserBlock } from '@plumbline/contracts';
import {
  add,
  avgPool,
  concat,
  cos,
  mul,
  reshape,
  sin,
  slice,
  type Tensor,
  type Tensor4D,
  tensor,
  image as tfImage,
  transpose,
} from '@tensorflow/tfjs-core';
import { attentionCore } from '../../nn/attention-core.ts';
import { groupNorm } from '../../nn/group-norm.ts';
import { silu } from '../../nn/silu.ts';
import type { Weights } from '../../nn/weights.ts';
import { convolve } from '../draem/unet.ts';

/**
 * @param images With noise, those of one image after each other, f32 `[N·T, S, S, 3]`.
 * @param times Of each, f32 `[N, T]`, or `[1, T]` where all images have the same.
 * @returns The noise, f32 `[N·T, S, S, 3]`.
 */
export function predictedNoise(
  network: Denoiser,
  weights: Weights,
  images: Tensor4D,
  times: Tensor,
): Tensor4D {
  const embedded = embeddedTimes(network, weights, times);
  const through = (x: Tensor4D, block: DenoiserBlock) =>
    denoiserBlock(network, weights.at(block.name), block, { x, embedded });
  let x = convolve(weights.at('first'), images);
  const kept = [x];
  for (const block of network.down) {
    x = through(x, block);
    kept.push(x);
  }
  x = network.middle.reduce(through, x);
  for (const stage of network.up)
    x = stage.reduce(through, concat([x, kept.pop() as Tensor4D], -1));
  return convolve(weights.at('last'), normalized(network, weights.at('last.norm'), x));
}

/** The slowest of the waves that a time is embedded into, in steps over 2π. */
const LONGEST_WAVE = 10_000;

/** Sines and cosines of the times, then two layers. @returns f32 `[M, T, E]` after SiLU, which each block begins with. */
function embeddedTimes({ width }: Denoiser, weights: Weights, times: Tensor): Tensor {
  const [rows = 1, count = 1] = times.shape;
  const half = width / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => LONGEST_WAVE ** (-i / half));
  const angles = mul(reshape(times, [rows, count, 1]), tensor(frequencies, [1, 1, half]));
  const waves = concat([sin(angles), cos(angles)], -1);
  return silu(weights.linear('time.1', silu(weights.linear('time.0', waves))));
}

interface BlockInput {
  /** f32 `[N·T, h, w, C]`. */
  readonly x: Tensor4D;
  /** f32 `[N, T, E]` or `[1, T, E]`. */
  readonly embedded: Tensor;
}

function denoiserBlock(
  network: Denoiser,
  weights: Weights,
  { scale, attends }: DenoiserBlock,
  { x, embedded }: BlockInput,
): Tensor4D {
  const first = resized(normalized(network, weights.at('in.norm'), x), scale);
  const timed = withTime(convolve(weights.at('in'), first), weights.linear('time', embedded));
  const last = convolve(weights.at('out'), normalized(network, weights.at('out.norm'), timed));
  const passed = resized(x, scale);
  const skip = weights.has('skip.weight') ? (weights.linear('skip', passed) as Tensor4D) : passed;
  const sum = add(skip, last) as Tensor4D;
  return attends ? attended(network, weights.at('attention'), sum) : sum;
}

function normalized({ groups }: Denoiser, layer: Weights, x: Tensor4D): Tensor4D {
  return silu(groupNorm(layer, x, groups) as Tensor4D);
}

/** Means of 2×2, or each place four times. */
function resized(x: Tensor4D, scale: DenoiserBlock['scale']): Tensor4D {
  if (scale === 'keep') return x;
  if (scale === 'halve') return avgPool(x, 2, 2, 'valid');
  return tfImage.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]);
}

/** @param shift Of each time, f32 `[N, T, C]` or `[1, T, C]`. */
function withTime(x: Tensor4D, shift: Tensor): Tensor4D {
  const [, height, width, channels] = x.shape;
  const [rows = 1, count = 1] = shift.shape;
  const apart = reshape(x, [x.shape[0] / count, count, height, width, channels]);
  return reshape(add(apart, reshape(shift, [rows, count, 1, 1, channels])), x.shape);
}

/** Each place looks at all of the image; what it finds is added. */
function attended({ groups }: Denoiser, weights: Weights, x: Tensor4D): Tensor4D {
  const [images, height, width, channels] = x.shape;
  const [places, heads] = [height * width, DENOISER_HEADS];
  const tokens = reshape(groupNorm(weights.at('norm'), x, groups), [images, places, channels]);
  const all = reshape(weights.linear('qkv', tokens), [
    ...[images, places, heads, 3],
    channels / heads,
  ]);
  const apart = transpose(all, [3, 2, 0, 1, 4]); // [3, H, N, L, e]
  const part = (index: number) =>
    reshape(slice(apart, [index, 0, 0, 0, 0], [1, -1, -1, -1, -1]), apart.shape.slice(1));
  const queries = mul(part(0), 1 / Math.sqrt(channels / heads));
  const found = transpose(attentionCore(queries, part(1), part(2), null), [1, 2, 0, 3]);
  const joined = reshape(found, [images, places, channels]);
  return add(x, reshape(weights.linear('out', joined), x.shape)) as Tensor4D;
}
