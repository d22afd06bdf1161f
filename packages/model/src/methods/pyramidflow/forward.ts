/** @file PyramidFlow's blocks: each changes a level by its neighbors, and can be undone. N images, C channels. */
import { type PyramidBlock, pyramidBlocks } from '@plumbline/contracts';
import {
  add,
  atan,
  concat,
  conv2d,
  exp,
  leakyRelu,
  matMul,
  mean,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  image as tfImage,
} from '@tensorflow/tfjs-core';
import type { Weights } from '../../nn/weights.ts';
import { type Factors, mixingMatrix } from './mixing.ts';
import type { PyramidFlow } from './parameters.ts';

type Named = Readonly<Record<string, Tensor>>;

/** Takes the mean out of a block's log-scales. */
type Normalized = (name: string, logScales: Tensor4D) => Tensor4D;

/** With running means. @param pyramid Finest first. @param buffers Of `pyramidBuffers`. @returns The same shapes. */
export function latents(
  flow: PyramidFlow,
  weights: Weights,
  pyramid: readonly Tensor4D[],
  buffers: Named,
): Tensor4D[] {
  return through(flow, weights, pyramid, (name, logScales) =>
    sub(logScales, buffers[`${name}.mean`] as Tensor),
  );
}

/** Share of the newest batch in the running means. */
const MOMENTUM = 0.1;

/** As `latents` in training, with the running means after the batch. */
export function latentsOfBatch(
  flow: PyramidFlow,
  weights: Weights,
  pyramid: readonly Tensor4D[],
  buffers: Named,
): { readonly levels: Tensor4D[]; readonly buffers: Record<string, Tensor> } {
  const next: Record<string, Tensor> = {};
  const axes = flow.normalizes === 'channels' ? [0, 3] : [0, 1, 2];
  const levels = through(flow, weights, pyramid, (block, logScales) => {
    const name = `${block}.mean`;
    const own = mean(logScales, axes, true);
    next[name] = add(mul(buffers[name] as Tensor, 1 - MOMENTUM), mul(own, MOMENTUM));
    return sub(logScales, own);
  });
  return { levels, buffers: next };
}

function through(
  flow: PyramidFlow,
  weights: Weights,
  pyramid: readonly Tensor4D[],
  normalized: Normalized,
): Tensor4D[] {
  const levels = [...pyramid];
  for (const [index, block] of pyramidBlocks(flow).entries()) {
    const layer = weights.at(block.name);
    const { scale, shift } = affine(block, layer, levels, normalized);
    const changed: Tensor4D = add(mul(levels[block.level] as Tensor4D, scale), shift);
    levels[block.level] = mixed(changed, mixingMatrix(layer, flow.factors[index] as Factors));
  }
  return levels;
}

interface Affine {
  readonly scale: Tensor4D;
  readonly shift: Tensor4D;
}

/** By how much, from the neighbors alone. */
export function affine(
  { name, level, neighbors, grid }: PyramidBlock,
  layer: Weights,
  levels: readonly Tensor4D[],
  normalized: Normalized,
): Affine {
  const [, own] = (levels[level] as Tensor4D).shape;
  const near = neighbors.map((neighbor) => resized(levels[neighbor] as Tensor4D, grid));
  const input = near.length === 1 ? (near[0] as Tensor4D) : concat(near, -1);
  const hidden = leakyRelu(conv2d(input, layer.tensor('first') as Tensor4D, 1, 'same'), 0.01);
  const found = conv2d(hidden, layer.tensor('second') as Tensor4D, 1, 'same');
  const channels = found.shape[3] / 2;
  const half = (index: number) => slice(found, [0, 0, 0, index * channels], [-1, -1, -1, channels]);
  const logScales = normalized(name, softlyClipped(half(0)));
  return { scale: resized(exp(logScales), own), shift: resized(half(1), own) };
}

const CLAMP = 2;

/** About −2 to 2. */
function softlyClipped(x: Tensor4D): Tensor4D {
  return mul(atan(mul(x, 1 / CLAMP)), CLAMP * 0.636);
}

/** To a grid of half or twice the side, or the same, by the nearest place. */
function resized(x: Tensor4D, side: number): Tensor4D {
  return x.shape[1] === side ? x : tfImage.resizeNearestNeighbor(x, [side, side]);
}

function mixed(x: Tensor4D, matrix: Tensor2D): Tensor4D {
  const [, height, width, channels] = x.shape;
  const rows = matMul(reshape(x, [-1, channels]) as Tensor2D, matrix, false, true);
  return reshape(rows, [-1, height, width, channels]);
}
