import '@tensorflow/tfjs-backend-cpu';
import { createExecutor } from '@plumbline/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { float32 } from '../onnx/index.ts';
import { BATCH, pickRows, replaceAt, trace } from './index.ts';

const values = Float32Array.from({ length: 2 * 4 * 3 }, (_, i) => Math.sin(i * 3.7));
const sums = Float32Array.from({ length: 2 * 4 }, (_, i) => i);
const places = Int32Array.of(3, 1, 0, 3);
const replacements = Float32Array.of(-1, -2, -3, -4);
const picked = [0, 1].flatMap((n) =>
  [0, 1].flatMap((q) => {
    const start = (n * 4 + places[n * 2 + q]!) * 3;
    return [...values.subarray(start, start + 3)];
  }),
);
const replaced = [0, -2, 2, -1, -3, 5, 6, -4];

it('picks rows of each entry and puts values back at their places, recorded and as it is', async () => {
  const graph = trace(
    {
      name: 'rows',
      inputs: {
        values: { shape: [BATCH, 4, 3] },
        sums: { shape: [BATCH, 4] },
        places: { shape: [BATCH, 2], dtype: 'int32' },
        replacements: { shape: [BATCH, 2] },
      },
      batchPlaceholder: BATCH,
    },
    (given) => {
      const at = given['places'] as tf.Tensor;
      return {
        picked: pickRows(given['values'] as tf.Tensor, at),
        replaced: replaceAt(given['sums'] as tf.Tensor, at, given['replacements'] as tf.Tensor),
      };
    },
  );
  const session = await (await createExecutor({ threads: 1 })).load(graph);
  const result = await session.run({
    values: float32([2, 4, 3], values),
    sums: float32([2, 4], sums),
    places: { dtype: 'int32', shape: [2, 2], data: places },
    replacements: float32([2, 2], replacements),
  });
  await session.release();
  expect(result['picked']?.shape).toEqual([2, 2, 3]);
  expect(Array.from(result['picked']?.data ?? [], Number)).toEqual(picked);
  expect(Array.from(result['replaced']?.data ?? [], Number)).toEqual(replaced);

  tf.setBackend('cpu');
  const at = tf.tensor2d(places, [2, 2], 'int32');
  expect([...pickRows(tf.tensor3d(values, [2, 4, 3]), at).dataSync()]).toEqual(picked);
  expect([
    ...replaceAt(tf.tensor2d(sums, [2, 4]), at, tf.tensor2d(replacements, [2, 2])).dataSync(),
  ]).toEqual(replaced);
});
