/** @file PaDiM's patch scores: the Mahalanobis distance to the Gaussian of the position. N images, P positions, D channels. */
import {
  matMul,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { embedTokens, type PadimEmbedding } from './forward.ts';
import type { Gaussians } from './parameters.ts';

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
  const inputs = Object.fromEntries(
    plan.levels.map((level, index) => [
      `tokens${index}`,
      { shape: [BATCH, level.grid ** 2, level.channels] },
    ]),
  );
  const body: TensorProgram['body'] = (given) => {
    const tokens = plan.levels.map((_, index) => given[`tokens${index}`] as Tensor);
    const mean = tensor(gaussians.mean, [positions, plan.size]);
    const whitening = tensor(gaussians.whitening, [positions, plan.size, plan.size]);
    return { scores0: sqrt(mahalanobisSquared(embedTokens(tokens, plan), mean, whitening)) };
  };
  return { name: 'padim-scores', inputs, batchPlaceholder: BATCH, body };
}
