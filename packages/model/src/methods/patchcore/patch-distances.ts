/** @file Squared distances between patches by matrix products on the executor: what the coreset is chosen by. */
import type { Executor } from '@plumbline/contracts';
import {
  add,
  matMul,
  mul,
  relu,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { loadProgram } from '../../eager/load-program.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH } from '../../trace/index.ts';

export interface PatchDistances {
  /** Squared distances of all rows to some: f32 `[some, count]`. */
  distancesTo(some: Int32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/** @param rows f32 `[count, size]`, centered, so that little is lost to rounding. */
export async function openPatchDistances(
  executor: Executor,
  rows: Float32Array,
  size: number,
): Promise<PatchDistances> {
  const count = rows.length / size;
  const session = await loadProgram(executor, {
    name: 'patch-distances',
    inputs: { some: { shape: [BATCH, size] } },
    batchPlaceholder: BATCH,
    body: (given) => {
      const some = given['some'] as Tensor;
      const all = tensor(rows, [count, size]);
      const norms = add(sum(square(some), 1, true), sum(square(all), 1)); // [some, count]
      return { distances: relu(sub(norms, matMul(some, transpose(mul(all, 2))))) };
    },
  });
  return {
    async distancesTo(some) {
      const values = new Float32Array(some.length * size);
      for (const [slot, row] of some.entries())
        values.set(rows.subarray(row * size, (row + 1) * size), slot * size);
      const result = await session.run({ some: float32([some.length, size], values) });
      return result['distances']?.data as Float32Array;
    },
    release: () => session.release(),
  };
}
