/** @file SimpleNet's two networks (Liu et al., CVPR 2023, section 3, as released). R patches, D channels, H hidden units. */
import { leakyRelu, matMul, reshape, type Tensor } from '@tensorflow/tfjs-core';
import {
  type BatchStatistics,
  batchNormInference,
  batchNormTraining,
  nextStatistics,
} from '../../nn/batch-norm.ts';
import type { Weights } from '../../nn/weights.ts';
import { layerSuffix } from './parameters.ts';

const SLOPE = 0.2;

/** The adaptor: one linear layer, no activation. f32 `[R, D]` → `[R, D]`. */
export function adapt(weights: Weights, patches: Tensor): Tensor {
  return weights.linear('adaptor', patches);
}

type Named = Readonly<Record<string, Tensor>>;

/**
 * How normal patches look, f32 `[R, D]` → `[R]`: high for normal ones.
 * @param running Of `simpleNetBuffers`: normalizes with these. With those of the batch itself in `judgeBatch`.
 */
export function judge(weights: Weights, patches: Tensor, running: Named): Tensor {
  return throughLayers(weights, patches, (layer, norm, hidden) =>
    batchNormInference(norm, hidden, statisticsOf(running, layer)),
  );
}

/** As `judge` in training, with the running statistics after the batch. */
export function judgeBatch(
  weights: Weights,
  patches: Tensor,
  running: Named,
): { readonly scores: Tensor; readonly running: Record<string, Tensor> } {
  const next: Record<string, Tensor> = {};
  const scores = throughLayers(weights, patches, (layer, norm, hidden) => {
    const { mean, variance } = nextStatistics(statisticsOf(running, layer), hidden);
    next[`mean${layerSuffix(layer)}`] = mean;
    next[`variance${layerSuffix(layer)}`] = variance;
    return batchNormTraining(norm, hidden);
  });
  return { scores, running: next };
}

function statisticsOf(running: Named, layer: number): BatchStatistics {
  return {
    mean: running[`mean${layerSuffix(layer)}`] as Tensor,
    variance: running[`variance${layerSuffix(layer)}`] as Tensor,
  };
}

/** @param normalize What a hidden layer gives. */
function throughLayers(
  weights: Weights,
  patches: Tensor,
  normalize: (layer: number, norm: Weights, hidden: Tensor) => Tensor,
): Tensor {
  const discriminator = weights.at('discriminator');
  let x = patches;
  for (let layer = 0; discriminator.has(`hidden${layerSuffix(layer)}.weight`); layer++) {
    const hidden = discriminator.linear(`hidden${layerSuffix(layer)}`, x);
    const norm = discriminator.at(`norm${layerSuffix(layer)}`);
    x = leakyRelu(normalize(layer, norm, hidden), SLOPE);
  }
  const scores = matMul(x, discriminator.tensor('tail.weight'), false, true); // [R, 1]
  return reshape(scores, [-1]);
}
