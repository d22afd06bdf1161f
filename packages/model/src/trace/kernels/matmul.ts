/** @file Matrix products. `[…, m, k] × […, k, n] → […, m, n]`, batch dimensions broadcast. */
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelRecording, recordKernel } from '../recording-backend.ts';

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
    name: r.builder.op('Transpose', [name], { perm: { is: axes } }),
    rows: columns,
    columns: rows,
  };
}

export function registerMatMul(): void {
  recordKernel('BatchMatMul', (r, { a, b }, attributes) => {
    const left = a as TensorInfo;
    const right = b as TensorInfo;
    const first = operand(r, left, attributes['transposeA'] === true);
    const second = operand(r, right, attributes['transposeB'] === true);
    const batch = backend_util.assertAndGetBroadcastShape(
      left.shape.slice(0, -2),
      right.shape.slice(0, -2),
    );
    return r.tensor(
      r.builder.op('MatMul', [first.name, second.name]),
      [...batch, first.rows, second.columns],
      left.dtype,
    );
  });
}
