/** @file TensorFlow.js' fused kernels (what its layers call outside of gradients), taken apart again. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  type Attributes,
  type KernelInputs,
  type KernelRecording,
  recordKernel,
} from '../recording-backend.ts';
import { activate } from './activation.ts';
import { convolve } from './convolution.ts';
import { multiplyMatrices } from './matmul.ts';

/** Bias and activation after a product. */
function finish(
  r: KernelRecording,
  product: TensorInfo,
  inputs: KernelInputs,
  attributes: Attributes,
): TensorInfo {
  const bias = inputs['bias'] as TensorInfo | undefined | null;
  const slopes = inputs['preluActivationWeights'] as TensorInfo | undefined | null;
  const sum = bias
    ? r.tensor(r.builder.op('Add', [r.value(product), r.value(bias)]), product.shape, product.dtype)
    : product;
  return activate(
    r,
    sum,
    attributes['activation'] as string | undefined,
    attributes['leakyreluAlpha'] as number | undefined,
    slopes ?? undefined,
  );
}

export function registerFused(): void {
  recordKernel('_FusedMatMul', (r, inputs, attributes) =>
    finish(
      r,
      multiplyMatrices(r, inputs['a'] as TensorInfo, inputs['b'] as TensorInfo, attributes),
      inputs,
      attributes,
    ),
  );
  const convolutions = { FusedConv2D: false, FusedDepthwiseConv2D: true };
  for (const [kernel, depthwise] of Object.entries(convolutions)) {
    recordKernel(kernel, (r, inputs, attributes) => {
      const { x, filter } = inputs as Record<string, TensorInfo>;
      const product = convolve(r, x as TensorInfo, filter as TensorInfo, attributes, depthwise);
      return finish(r, product, inputs, attributes);
    });
  }
}
