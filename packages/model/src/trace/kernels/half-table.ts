/**
 * @file A constant table that is kept as float16 and read by rows: half the bytes of a model file. Only the rows read are
 * converted, so that no engine keeps a float32 copy of the whole.
 */
import { HALF_TO_FLOAT } from '@plumbline/contracts';
import { engine, getBackend, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { DATA_TYPE } from '../../onnx/index.ts';
import { type KernelInputs, RECORDER, recordKernel } from '../recording-backend.ts';

export interface HalfTable {
  /** `[rows, …]`. */
  readonly shape: readonly number[];
  /** Bits of float16 values, row-major. */
  readonly halves: Uint16Array;
}

const KERNEL = 'GatherHalves';

/**
 * Some rows of a table.
 * @param indices int32 of any shape, each in 0..rows − 1.
 * @returns f32 `[...indices.shape, ...table.shape.slice(1)]`.
 */
export function gatherHalves(table: HalfTable, indices: Tensor): Tensor {
  if (getBackend() !== RECORDER) return gatherNow(table, indices);
  return engine().runKernel(KERNEL, { indices }, { table: table as unknown as number });
}

/** On a backend that computes: there the indices are known. */
function gatherNow({ shape, halves }: HalfTable, indices: Tensor): Tensor {
  const row = shape.slice(1);
  const size = row.reduce((product, length) => product * length, 1);
  const rows = indices.dataSync();
  const values = new Float32Array(rows.length * size);
  for (const [slot, index] of rows.entries())
    for (let i = 0; i < size; i++)
      values[slot * size + i] = HALF_TO_FLOAT[halves[index * size + i] ?? 0] as number;
  return tensor(values, [...indices.shape, ...row]);
}

export function registerHalfTable(): void {
  recordKernel(KERNEL, (r, inputs: KernelInputs, attributes) => {
    const indices = inputs['indices'];
    const { shape, halves } = attributes['table'] as HalfTable;
    if (indices === undefined) throw new Error('indices are missing');
    const rows = r.builder.op('Gather', [r.builder.halves(shape, halves), r.value(indices)]);
    const values = r.builder.op('Cast', [rows], { to: { i: DATA_TYPE.float32 } });
    return r.tensor(values, [...indices.shape, ...shape.slice(1)], 'float32');
  });
}
