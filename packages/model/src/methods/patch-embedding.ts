/**
 * @file PatchCore's embedding of patches (Roth et al., arXiv 2106.08265, section 3.1, as released): neighborhoods of
 * 3×3, every level pooled to a number of channels, coarse levels enlarged bilinearly to the finest grid, all levels
 * pooled together. N images, P patches of the finest grid, C channels of a feature map, D of the embedding.
 */

import type { PatchSettings } from '@plumbline/contracts';
import {
  concat,
  matMul,
  pad,
  reshape,
  slice,
  stack,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { BATCH, type TensorProgram } from '../trace/index.ts';
import type { FeatureLevel } from './method.ts';
import { tokenInputs } from './step-feeds.ts';

const NEIGHBORHOOD = 9;

export interface PatchEmbedding {
  /** Side of the grid of patches. */
  readonly grid: number;
  /** D. */
  readonly size: number;
  /** Whether the neighborhood is unfolded here; otherwise the features are averaged already. */
  readonly unfold: boolean;
  readonly levels: readonly EmbeddedLevel[];
}

export interface EmbeddedLevel {
  readonly grid: number;
  /** C. */
  readonly channels: number;
  /** Channels after pooling. */
  readonly pooled: number;
}

export function planEmbedding(
  levels: readonly FeatureLevel[],
  settings: PatchSettings,
): PatchEmbedding {
  const unfold = settings.neighborhood === 'unfold';
  const embedded = levels.map(({ grid, channels }) => {
    const unfolded = unfold ? channels * NEIGHBORHOOD : channels;
    return { grid, channels, pooled: Math.min(unfolded, settings.levelChannels ?? channels) };
  });
  const total = embedded.reduce((sum, level) => sum + level.pooled, 0);
  return {
    grid: Math.max(...levels.map((level) => level.grid)),
    size: Math.min(total, settings.channels ?? total),
    unfold,
    levels: embedded,
  };
}

/** The embedding as a tensor program: inputs `tokens0…` f32 `[N, L, C]`, output `embedding` f32 `[N, P, D]`. */
export function embeddingProgram(plan: PatchEmbedding): TensorProgram {
  return {
    name: 'patchcore-embedding',
    inputs: embeddingInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => ({ embedding: embedPatches(inputTokens(given, plan), plan) }),
  };
}

export function embeddingInputs(plan: PatchEmbedding): TensorProgram['inputs'] {
  return tokenInputs(plan.levels, BATCH);
}

export function inputTokens(
  given: Readonly<Record<string, Tensor>>,
  plan: PatchEmbedding,
): Tensor[] {
  return plan.levels.map((_, index) => given[`tokens${index}`] as Tensor);
}

/**
 * @param tokens For each level f32 `[N, grid², C]`.
 * @returns f32 `[N, P, D]`.
 */
export function embedPatches(tokens: readonly Tensor[], plan: PatchEmbedding): Tensor {
  const parts = plan.levels.map((level, index) => {
    const features = tokens[index] as Tensor;
    const patches = plan.unfold ? unfoldNeighborhoods(features, level.grid) : features;
    const pooled = adaptiveAveragePool(patches, level.pooled);
    return level.grid === plan.grid ? pooled : enlargeGrid(pooled, level.grid, plan.grid);
  });
  return adaptiveAveragePool(concat(parts, 2), plan.size);
}

/** Each patch with its eight neighbors, zeros beyond the border: f32 `[N, grid², C]` → `[N, grid², C·9]`. */
export function unfoldNeighborhoods(features: Tensor, grid: number): Tensor {
  const [n = 1, , c = 1] = features.shape;
  const square = reshape(features, [n, grid, grid, c]);
  const padded = pad(square, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const shifted = Array.from({ length: NEIGHBORHOOD }, (_, i) =>
    slice(padded, [0, Math.floor(i / 3), i % 3, 0], [n, grid, grid, c]),
  );
  return reshape(stack(shifted, 4), [n, grid * grid, c * NEIGHBORHOOD]);
}

/**
 * PyTorch's `adaptive_avg_pool1d` over the last axis: output i is the mean of inputs ⌊i·L/out⌋ to ⌈(i+1)·L/out⌉ − 1.
 * The windows repeat with period gcd(L, out), so that a small matrix does it.
 * @param x f32 `[N, P, L]`.
 * @returns f32 `[N, P, out]`.
 */
export function adaptiveAveragePool(x: Tensor, out: number): Tensor {
  const [n = 1, p = 1, length = 1] = x.shape;
  if (out === length) return x;
  const periods = greatestCommonDivisor(length, out);
  const [a, b] = [length / periods, out / periods];
  const weights = new Float32Array(a * b);
  for (let i = 0; i < b; i++) {
    const [start, end] = [Math.floor((i * a) / b), Math.ceil(((i + 1) * a) / b)];
    for (let k = start; k < end; k++) weights[k * b + i] = 1 / (end - start);
  }
  const rows = reshape(x, [n * p * periods, a]);
  return reshape(matMul(rows, tensor(weights, [a, b])), [n, p, out]);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Bilinear, corners not aligned, along rows and columns in turn: f32 `[N, from², d]` → `[N, to², d]`. */
export function enlargeGrid(x: Tensor, from: number, to: number): Tensor {
  const [n = 1, , d = 1] = x.shape;
  const weights = tensor(bilinearWeights(from, to), [to, from]);
  const rows = matMul(weights, reshape(x, [n, from, from * d])); // [N, to, from·d]
  const columns = matMul(weights, reshape(rows, [n * to, from, d])); // [N·to, to, d]
  return reshape(columns, [n, to * to, d]);
}

/** `[to, from]`: PyTorch's `interpolate(mode='bilinear', align_corners=False)` along one axis. */
function bilinearWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const position = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const low = Math.floor(position);
    weights[i * from + low]! += 1 - (position - low);
    if (low + 1 < from) weights[i * from + low + 1]! += position - low;
  }
  return weights;
}
