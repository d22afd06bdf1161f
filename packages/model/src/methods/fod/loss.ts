/**
 * @file FOD's loss. Its two phases in one pass: the released code computes two losses, each with one side detached, and adds
 * their gradients. N images, L tokens, C channels, H heads.
 */
import {
  add,
  addN,
  customGrad,
  div,
  type GradSaveFunc,
  log,
  mean,
  mul,
  neg,
  scalar,
  squaredDifference,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../../nn/layers.ts';
import type { Correlation, FodOutput } from './forward.ts';

/** Added to what a logarithm is taken of, as released. */
const EPSILON = 1e-4;

export interface CorrelationWeights {
  /** λ₁. */
  readonly divergence: number;
  /** λ₂. */
  readonly entropy: number;
}

/** mean((y − x)²) + mean over tokens of (1 − cos(y, x)). f32 `[N, L, C]` each. */
export function reconstructionLoss(rebuilt: Tensor, tokens: Tensor): Tensor {
  return add(
    mean(squaredDifference(rebuilt, tokens)),
    sub(1, mean(cosineSimilarity(rebuilt, tokens))),
  );
}

/**
 * Both phases of a level: A moves what lies nearby, G, B moves the attention, S; H is its entropy.
 *
 *     A = rec + λ₁·D(S₁, G₁) − λ₁·D(S₂, G₂)
 *     B = rec − λ₁·D(S₁, G₁) + λ₁·D(S₂, G₂) − λ₂·H(S₁) + λ₂·H(S₂)
 *
 * @returns A + B, where the divergences cancel out: they are in the gradients alone.
 */
export function fodLoss(
  { rebuilt, intra, inter }: FodOutput,
  tokens: Tensor,
  weights: CorrelationWeights,
): Tensor {
  const reconstruction = mul(reconstructionLoss(rebuilt, tokens), 2);
  const of = (correlations: readonly Correlation[]) =>
    div(addN(correlations.map((one) => opposed(one, weights))), correlations.length);
  return add(reconstruction, sub(of(intra), of(inter)));
}

/**
 * Symmetric Kullback–Leibler divergence KL(S‖G) + KL(G‖S) of each row, with ε added in the logarithms.
 *
 *     Σ_j (S_j − G_j)·(ln(S_j + ε) − ln(G_j + ε))
 *
 * @returns f32 `[H, N, L]`.
 */
export function divergences({ attention, nearby }: Correlation): Tensor {
  return sum(mul(sub(attention, nearby), logRatio(attention, nearby)), -1);
}

function logRatio(s: Tensor, g: Tensor): Tensor {
  return sub(log(add(s, EPSILON)), log(add(g, EPSILON)));
}

/**
 * −λ₂·H(S), whose gradient for S is that of −λ₁·D − λ₂·H, for G that of +λ₁·D, all means over images, heads and rows.
 *
 *     ∂D/∂S = ln S' − ln G' + (S − G)/S',   ∂D/∂G = −(ln S' − ln G') − (S − G)/G',   ∂H/∂S = −ln S' − S/S'
 *
 * with S' = S + ε, G' = G + ε.
 */
function opposed({ attention, nearby }: Correlation, weights: CorrelationWeights): Tensor {
  const { divergence, entropy } = weights;
  const rows = attention.size / (attention.shape.at(-1) ?? 1);
  return customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [s, g, save] = inputs as [Tensor, Tensor, GradSaveFunc];
    save([s, g]);
    const value =
      entropy === 0 ? scalar(0) : mul(sum(mul(s, log(add(s, EPSILON)))), entropy / rows);
    return {
      value,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const [attended, near] = saved as [Tensor, Tensor];
        const [sharpened, widened] = [add(attended, EPSILON), add(near, EPSILON)];
        const apart = sub(attended, near);
        const ratio = sub(log(sharpened), log(widened));
        const byAttention = mul(add(ratio, div(apart, sharpened)), -divergence / rows);
        const byEntropy = mul(add(log(sharpened), div(attended, sharpened)), entropy / rows);
        const byNearby = mul(neg(add(ratio, div(apart, widened))), divergence / rows);
        return [mul(add(byAttention, byEntropy), gradient), mul(byNearby, gradient)];
      },
    };
  })(attention, nearby);
}
