/** @file DiffusionAD's networks: an image in, the same without its defect and a logit per pixel out. N images, S pixels a side. */
import type { DiffusionNetwork } from '@plumbline/contracts';
import { concat, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { BatchNormalizations } from '../../nn/running-statistics.ts';
import type { Weights } from '../../nn/weights.ts';
import { byBatch, byStatistics, type Normalized, throughUnet } from '../draem/unet.ts';
import { type Denoised, denoised, type NoisedImages } from './diffusion.ts';

type Named = Readonly<Record<string, Tensor>>;

export interface DiffusionOutputs extends Denoised {
  /** Of a defect, f32 `[N, S, S, 1]`. */
  readonly logits: Tensor4D;
}

/** With given statistics. @param buffers Of `diffusionBuffers`. */
export function diffusionOutputs(
  network: DiffusionNetwork,
  weights: Weights,
  given: NoisedImages,
  buffers: Named,
): DiffusionOutputs {
  return forward(network, weights, given, byStatistics(weights, buffers));
}

/** As `diffusionOutputs` in training, with the running statistics after the batch. */
export function diffusionOutputsOfBatch(
  network: DiffusionNetwork,
  weights: Weights,
  given: NoisedImages,
  buffers: Named,
): DiffusionOutputs & { readonly buffers: Record<string, Tensor> } {
  const normalizations = new BatchNormalizations(buffers);
  const outputs = forward(network, weights, given, byBatch(weights, normalizations));
  return { ...outputs, buffers: normalizations.next };
}

function forward(
  { denoiser, separating }: DiffusionNetwork,
  weights: Weights,
  given: NoisedImages,
  normalized: Normalized,
): DiffusionOutputs {
  const found = denoised(denoiser, weights.at('denoiser'), given);
  const both = concat([given.images, found.rebuilt], -1);
  return { ...found, logits: throughUnet(separating, weights, both, normalized) };
}
