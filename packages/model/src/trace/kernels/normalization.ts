/**
 * @file Batch normalization with given mean and variance: (x − mean) / √(variance + ε) · scale + offset, broadcast; and
 * layer normalization as ONNX's operator.
 */
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { float32 } from '../../onnx/index.ts';
import { recordKernel } from '../recording-backend.ts';

const LAYER_NORMALIZATION = 'LayerNormalization';

/**
 * Layer normalization over the last axis, in a trace only: TensorFlow.js has no such kernel.
 * @param x f32 `[…, d]`; weight and bias f32 `[d]`.
 * @returns The result in the shape of x, and the mean and 1/√(variance + ε) of each row, f32 `[…, 1]`.
 */
export function layerNormalization(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  epsilon: number,
): [Tensor, Tensor, Tensor] {
  return engine().runKernel(LAYER_NORMALIZATION, { x, weight, bias }, { epsilon }) as unknown as [
    Tensor,
    Tensor,
    Tensor,
  ];
}

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
  recordKernel(LAYER_NORMALIZATION, (r, inputs, attributes) => {
    const { x, weight, bias } = inputs as Record<string, TensorInfo>;
    const values = [x, weight, bias].map((tensor) => r.value(tensor as TensorInfo));
    const [y, mean, deviation] = r.builder.node(
      'LayerNormalization',
      values,
      { axis: { i: -1 }, epsilon: { f: Number(attributes['epsilon']) } },
      3,
    ) as [string, string, string];
    const shape = x?.shape ?? [];
    const rows = [...shape.slice(0, -1), 1];
    return [
      r.tensor(y, shape, 'float32'),
      r.tensor(mean, rows, 'float32'),
      r.tensor(deviation, rows, 'float32'),
    ];
  });
}
