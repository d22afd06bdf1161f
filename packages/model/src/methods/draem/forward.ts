/** @file DRAEM's two networks: an image in, the same without its defect and two logits per pixel out. N images, S pixels a side. */
import type { DraemNetwork } from '@plumbline/contracts';
import { concat, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { BatchNormalizations } from '../../nn/running-statistics.ts';
import type { Weights } from '../../nn/weights.ts';
import { byBatch, byStatistics, type Normalized, throughUnet } from './unet.ts';

type Named = Readonly<Record<string, Tensor>>;

export interface DraemOutputs {
  /** f32 `[N, S, S, 3]`. */
  readonly rebuilt: Tensor4D;
  /** Of normal and of defective, f32 `[N, S, S, 2]`. */
  readonly logits: Tensor4D;
}

/**
 * With given statistics, which are part of the filters.
 * @param images f32 `[N, S, S, 3]`, colors 0 to 1.
 * @param buffers Of `draemBuffers`.
 */
export function draemOutputs(
  network: DraemNetwork,
  weights: Weights,
  images: Tensor4D,
  buffers: Named,
): DraemOutputs {
  return forward(network, weights, images, byStatistics(weights, buffers));
}

/** As `draemOutputs` in training, with the running statistics after the batch. */
export function draemOutputsOfBatch(
  network: DraemNetwork,
  weights: Weights,
  images: Tensor4D,
  buffers: Named,
): DraemOutputs & { readonly buffers: Record<string, Tensor> } {
  const normalizations = new BatchNormalizations(buffers);
  const outputs = forward(network, weights, images, byBatch(weights, normalizations));
  return { ...outputs, buffers: normalizations.next };
}

function forward(
  { rebuilding, separating }: DraemNetwork,
  weights: Weights,
  images: Tensor4D,
  normalized: Normalized,
): DraemOutputs {
  const rebuilt = throughUnet(rebuilding, weights, images, normalized);
  const both = concat([rebuilt, images], -1);
  return { rebuilt, logits: throughUnet(separating, weights, both, normalized) };
}
