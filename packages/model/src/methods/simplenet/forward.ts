/** @file SimpleNet's two networks (Liu et al., CVPR 2023, section 3, as released). R patches, D channels, H hidden units. */
import { leakyRelu, matMul, reshape, type Tensor } from '@tensorflow/tfjs-core';
import {
  type BatchStatistics,
  batchNormInference,
  batchNormTraining,
  nextStatistics,
} from '../../nn/batch-norm.ts';
import type { Weights } from '../../nn/weights.ts';

const SLOPE = 0.2;

/** The adaptor: one linear layer, no activation. f32 `[R, D]` → `[R, D]`. */
export function adapt(weights: Weights, patches: Tensor): Tensor {
  return weights.linear('adaptor', patches);
}

/**
 * How normal patches look, f32 `[R, D]` → `[R]`: high for normal ones.
 * @param running Normalizes with these statistics. With those of the batch itself in `judgeBatch`.
 */
export function judge(weights: Weights, patches: Tensor, running: BatchStatistics): Tensor {
  const hidden = weights.linear('discriminator.hidden', patches);
  return verdict(weights, batchNormInference(weights.at('discriminator.norm'), hidden, running));
}

/** As `judge` in training, with the running statistics after the batch. */
export function judgeBatch(
  weights: Weights,
  patches: Tensor,
  running: BatchStatistics,
): { readonly scores: Tensor; readonly running: BatchStatistics } {
  const hidden = weights.linear('discriminator.hidden', patches);
  return {
    scores: verdict(weights, batchNormTraining(weights.at('discriminator.norm'), hidden)),
    running: nextStatistics(running, hidden),
  };
}

function verdict(weights: Weights, normalized: Tensor): Tensor {
  const tail = weights.tensor('discriminator.tail.weight');
  const scores = matMul(leakyRelu(normalized, SLOPE), tail, false, true); // [R, 1]
  return reshape(scores, [-1]);
}
