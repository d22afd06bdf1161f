/** @file Batch normalization with given mean and variance: (x − mean) / √(variance + ε) · scale + offset, broadcast. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { float32 } from '../../onnx/index.ts';
import { recordKernel } from '../recording-backend.ts';

export function registerNormalization(): void {
  recordKernel('FusedBatchNorm', (r, inputs, attributes) => {
    const at = (name: string) => inputs[name] as TensorInfo | undefined | null;
    const x = inputs['x'] as TensorInfo;
    const op = (name: string, ...operands: string[]) => r.builder.op(name, operands);
    const epsilon = r.builder.constant(
      float32([], [Number(attributes['varianceEpsilon'] ?? 0.001)]),
    );
    const deviation = op('Sqrt', op('Add', r.value(inputs['variance'] as TensorInfo), epsilon));
    let result = op('Div', op('Sub', r.value(x), r.value(inputs['mean'] as TensorInfo)), deviation);
    const [scale, offset] = [at('scale'), at('offset')];
    if (scale) result = op('Mul', result, r.value(scale));
    if (offset) result = op('Add', result, r.value(offset));
    return r.tensor(result, x.shape, x.dtype);
  });
}
