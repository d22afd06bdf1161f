/**
 * @file PaDiM's patch scores: the Mahalanobis distance to the Gaussian of the position. N images, P positions, D channels, G
 * groups of images with Gaussians of their own.
 */
import { triangleBlocks } from '@plumbline/contracts';
import {
  add,
  gather,
  matMul,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { BATCH, gatherHalves, type HalfTable, type TensorProgram } from '../../trace/index.ts';
import { describedLevels } from '../image-descriptor.ts';
import type { FeatureLevel } from '../method.ts';
import { tokenInputs } from '../step-feeds.ts';
import { embedTokens, type PadimEmbedding } from './forward.ts';
import { type Router, routedGroup } from './route.ts';

/** One Gaussian at every position. */
export interface Gaussians {
  /** f32 `[P, D]`. */
  readonly mean: Float32Array;
  /** f32 `[P, D, D]`: the transposed inverse W of the Cholesky factor, so that Σ⁻¹ = W·Wᵀ. Upper triangular. */
  readonly whitening: Float32Array;
}

/** One of each group at every position, and which image is of which group. */
export interface RoutedGaussians {
  readonly router: Router;
  /** f32 `[G, P, D]`. */
  readonly mean: Float32Array;
  /** For each block of columns of W, of `triangleBlocks`, `[G, P, to, to − from]`: all rows that are not 0. */
  readonly whitening: readonly (HalfTable | FloatTable)[];
}

/** Where float16 is not exact enough. */
export interface FloatTable {
  readonly shape: readonly number[];
  /** f32, row-major. */
  readonly values: Float32Array;
}

/**
 * Squared Mahalanobis distance from each embedding to the Gaussian at its position, as the squared length of the
 * whitened difference, which can't be negative and loses less to rounding than a product with Σ⁻¹:
 *
 *     d²[n,p] = ‖(e[n,p] − μ[p])·W[p]‖²,   W·Wᵀ = Σ⁻¹
 *
 * @param embedding f32 `[N, P, D]`.
 * @param mean f32 `[P, D]`.
 * @param whitening f32 `[P, D, D]`.
 * @returns f32 `[N, P]`, at least 0.
 * @throws Error when P or D disagree.
 */
export function mahalanobisSquared(embedding: Tensor, mean: Tensor, whitening: Tensor): Tensor {
  const [, positions = 0, size = 0] = embedding.shape;
  assertShape('mean', mean, [positions, size]);
  assertShape('whitening', whitening, [positions, size, size]);
  const centered = transpose(sub(embedding, mean), [1, 0, 2]); // [P, N, D]
  const whitened = matMul(centered, whitening); // [P, N, D]
  return transpose(sum(square(whitened), -1)); // [N, P]
}

function assertShape(name: string, { shape }: Tensor, expected: readonly number[]): void {
  if (shape.join() === expected.join()) return;
  throw new Error(`${name}: expected shape [${expected.join()}], got [${shape.join()}].`);
}

/** The scoring graph: inputs `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, P]`, the distance itself. */
export function scoresProgram(plan: PadimEmbedding, gaussians: Gaussians): TensorProgram {
  const positions = plan.grid ** 2;
  const body: TensorProgram['body'] = (given) => {
    const tokens = plan.levels.map((_, index) => given[`tokens${index}`] as Tensor);
    const mean = tensor(gaussians.mean, [positions, plan.size]);
    const whitening = tensor(gaussians.whitening, [positions, plan.size, plan.size]);
    return { scores0: sqrt(mahalanobisSquared(embedTokens(tokens, plan), mean, whitening)) };
  };
  return programOf(plan, body);
}

/** The same by the Gaussians of the group that each image is taken for. */
export function routedProgram(
  plan: PadimEmbedding,
  levels: readonly FeatureLevel[],
  gaussians: RoutedGaussians,
): TensorProgram {
  const positions = plan.grid ** 2;
  const { size } = plan;
  const groups = gaussians.mean.length / (positions * size);
  const described = describedLevels(levels);
  return programOf(plan, (given) => {
    const tokens = plan.levels.map((_, index) => given[`tokens${index}`] as Tensor);
    const group = routedGroup(tokens, described, gaussians.router); // [N, 1]
    const [n = 1] = group.shape;
    const means = gather(tensor(gaussians.mean, [groups, positions, size]), group); // [N, 1, P, D]
    const centered = sub(embedTokens(tokens, plan), reshape(means, [n, positions, size]));
    const rows = reshape(centered, [n, positions, 1, size]);
    const parts = triangleBlocks(size).map(({ from, to }, block) => {
      const table = gatherFactors(gaussians.whitening[block] as HalfTable | FloatTable, group); // [N, 1, P, to, to − from]
      const whitening = reshape(table, [n, positions, to, to - from]);
      const left = to === size ? rows : slice(rows, [0, 0, 0, 0], [n, positions, 1, to]);
      return sum(square(matMul(left, whitening)), -1); // [N, P, 1]
    });
    const squared = parts.reduce((total, part) => add(total, part));
    return { scores0: sqrt(reshape(squared, [n, positions])) };
  });
}

function gatherFactors(table: HalfTable | FloatTable, group: Tensor): Tensor {
  if ('halves' in table) return gatherHalves(table, group);
  return gather(tensor(table.values, [...table.shape]), group);
}

function programOf(plan: PadimEmbedding, body: TensorProgram['body']): TensorProgram {
  const inputs = tokenInputs(plan.levels, BATCH);
  return { name: 'padim-scores', inputs, batchPlaceholder: BATCH, body };
}
