/** @file Matrix products. `[…, m, k] × […, k, n] → […, m, n]`, batch dimensions broadcast. */
import {
  backend_util,
  getBackend,
  matMul,
  type Tensor,
  type TensorInfo,
  tile,
} from '@tensorflow/tfjs-core';
import { emitsForDevice } from '../emission.ts';
import {
  type Attributes,
  type KernelRecording,
  RECORDER,
  recordKernel,
} from '../recording-backend.ts';
import { mergedTranspose } from './merged-transpose.ts';

/**
 * One matrix times several. TensorFlow.js' CPU backend does not broadcast `[N, 1]` with `[N, K]` as it should; ONNX does, without
 * copies.
 * @param a f32 `[N, 1, m, k]`. @param b f32 `[N, K, k, n]`. @returns f32 `[N, K, m, n]`.
 */
export function matMulEach(a: Tensor, b: Tensor): Tensor {
  const [, count = 1] = b.shape;
  const isCopied = count > 1 && getBackend() !== RECORDER;
  return matMul(isCopied ? tile(a, [1, count, 1, 1]) : a, b);
}

/** Swaps the last two axes where asked. */
function operand(
  r: KernelRecording,
  tensor: TensorInfo,
  transposed: boolean,
): { name: string; rows: number; columns: number } {
  const rank = tensor.shape.length;
  const rows = tensor.shape[rank - 2] ?? 1;
  const columns = tensor.shape[rank - 1] ?? 1;
  const name = r.value(tensor);
  if (!transposed) return { name, rows, columns };
  const axes = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return {
    name: emitsForDevice() ? mergedTranspose(r, name, axes) : r.builder.transpose(name, axes),
    rows: columns,
    columns: rows,
  };
}

export function multiplyMatrices(
  r: KernelRecording,
  a: TensorInfo,
  b: TensorInfo,
  attributes: Attributes,
): TensorInfo {
  const first = operand(r, a, attributes['transposeA'] === true);
  const second = operand(r, b, attributes['transposeB'] === true);
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return r.tensor(
    r.builder.op('MatMul', [first.name, second.name]),
    [...batch, first.rows, second.columns],
    a.dtype,
  );
}

export function registerMatMul(): void {
  recordKernel('BatchMatMul', (r, { a, b }, attributes) =>
    multiplyMatrices(r, a as TensorInfo, b as TensorInfo, attributes),
  );
  recordKernel('Einsum', (r, inputs, attributes) => {
    const tensors = Object.values(inputs) as TensorInfo[];
    const equation = String(attributes['equation']).replace(/\s/g, '');
    const value = r.builder.op(
      'Einsum',
      tensors.map((tensor) => r.value(tensor)),
      { equation: { s: equation } },
    );
    return r.tensor(value, einsumShape(equation, tensors), (tensors[0] as TensorInfo).dtype);
  });
}

/** Sizes of the axes that the equation names after its arrow. */
function einsumShape(equation: string, tensors: readonly TensorInfo[]): number[] {
  const [terms = '', result = ''] = equation.split('->');
  const sizes = new Map<string, number>();
  for (const [index, term] of terms.split(',').entries())
    for (const [axis, letter] of [...term].entries())
      sizes.set(letter, tensors[index]?.shape[axis] ?? 1);
  return [...result].map((letter) => sizes.get(letter) ?? 1);
}
