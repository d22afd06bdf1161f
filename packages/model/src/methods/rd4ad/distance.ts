/** @file How far rebuilt features are from the backbone's. N images, L positions of a level, C channels. */
import { add, mean, relu, reshape, sub, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../../nn/layers.ts';

/**
 * Σ over levels of the mean over images of 1 − cos(t, s), each level's whole map as one vector, as released (the paper
 * has the cosine of each position): 0 for equal maps, 2 per level for opposite ones.
 * @param levels Of the backbone, f32 `[N, side, side, C]`, as `rebuilt`.
 */
export function distillationLoss(
  levels: readonly Tensor4D[],
  rebuilt: readonly Tensor4D[],
): Tensor {
  const losses = levels.map((level, index) =>
    mean(sub(1, cosineSimilarity(asVectors(level), asVectors(rebuilt[index] as Tensor4D)))),
  );
  return losses.reduce((total, loss) => add(total, loss));
}

/** One vector an image. */
function asVectors(x: Tensor4D): Tensor {
  return reshape(x, [-1, x.shape[1] * x.shape[2] * x.shape[3]]);
}

/**
 * 1 − cos at each position of each level, 0 to 2.
 * @returns f32 `[N, L]`.
 */
export function distances(levels: readonly Tensor4D[], rebuilt: readonly Tensor4D[]): Tensor[] {
  return levels.map((level, index) => {
    const cosine = cosineSimilarity(level, rebuilt[index] as Tensor4D);
    // Rounding makes some of them negative.
    return reshape(relu(sub(1, cosine)), [-1, level.shape[1] * level.shape[2]]);
  });
}
