/** @file A convolution with the BatchNorm after it folded in, as ONNX nodes. */
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32 } from '../onnx/tensor.ts';
import type { Weights } from './weights.ts';

export interface FoldedConvolution {
  /** Name of the convolution; `<conv>.weight` f32 `[out, in / groups, side, side]`. */
  readonly conv: string;
  /** Name of the BatchNorm; `<norm>.weight`, `.bias`, `.running_mean`, `.running_var` f32 `[out]`. */
  readonly norm: string;
  /** Of the BatchNorm's variance. */
  readonly epsilon: number;
  readonly out: number;
  /** Input channels a group. */
  readonly in: number;
  readonly side: number;
  readonly stride?: number;
  readonly groups?: number;
  /**
   * `same` is TensorFlow's padding: the grid is ⌈size / stride⌉, and of an odd number of padding pixels the last
   * side gets one more. `symmetric` is PyTorch's (side − 1) / 2 on all sides.
   */
  readonly padding: 'symmetric' | 'same';
}

/**
 * w·γ/√(σ²+ε) and β − μ·γ/√(σ²+ε), so that the convolution does its BatchNorm's work.
 * @param input f32 `[N, C, h, w]`.
 * @returns f32 `[N, out, h', w']`.
 */
export function addFoldedConvolution(
  builder: GraphBuilder,
  weights: Weights,
  input: string,
  options: FoldedConvolution,
): string {
  const { conv, norm, out, side, stride = 1, groups = 1 } = options;
  const kernel = weights.get(`${conv}.weight`, [out, options.in, side, side]);
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => weights.get(`${norm}.${part}`, [out]),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + options.epsilon));
  const perChannel = kernel.length / out;
  const folded = kernel.map((w, i) => w * scale[Math.floor(i / perChannel)]!);
  const bias = beta.map((b, c) => b - mean[c]! * scale[c]!);
  const pad = (side - 1) / 2;
  return builder.op(
    'Conv',
    [
      input,
      builder.constant(float32([out, options.in, side, side], folded)),
      builder.constant(float32([out], bias)),
    ],
    {
      kernel_shape: { is: [side, side] },
      strides: { is: [stride, stride] },
      group: { i: groups },
      // The two paddings are one for stride 1.
      ...(options.padding === 'same' && stride > 1
        ? { auto_pad: { s: 'SAME_UPPER' } }
        : { pads: { is: [pad, pad, pad, pad] } }),
    },
  );
}
