import '@tensorflow/tfjs-backend-cpu';
import { floatToHalf, halfToFloat } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { DATA_TYPE, decodeModelProto } from '../onnx/index.ts';
import { gatherHalves, trace } from './index.ts';

const table = {
  shape: [5, 2, 3],
  halves: Uint16Array.from({ length: 30 }, (_, i) =>
    floatToHalf(Math.sin(i * 3.7) * 10 ** (i % 4)),
  ),
};
const indices = Int32Array.of(4, 0, 4, 2);

it('reads rows of a float16 constant, recorded and as it is', async () => {
  const graph = trace(
    { name: 'rows', inputs: { indices: { shape: [2, 2], dtype: 'int32' } } },
    (given) => {
      const rows = gatherHalves(table, given['indices'] as tf.Tensor);
      // Twice the same table: it is stored once.
      return { rows, again: tf.neg(gatherHalves(table, given['indices'] as tf.Tensor)) };
    },
  );
  const stored = decodeModelProto(graph).graph.initializer;
  expect(stored.map(({ data_type }) => data_type)).toEqual([DATA_TYPE.float16]);
  expect(stored[0]?.raw_data).toHaveLength(60);

  const session = await (await createExecutor({ threads: 1 })).load(graph);
  const { rows } = await session.run({ indices: { dtype: 'int32', shape: [2, 2], data: indices } });
  await session.release();
  const expected = [...indices].flatMap((row) =>
    Array.from(table.halves.subarray(row * 6, (row + 1) * 6), halfToFloat),
  );
  expect(rows?.shape).toEqual([2, 2, 2, 3]);
  expect(Array.from(rows?.data ?? [], Number)).toEqual(expected);

  tf.setBackend('cpu');
  const eager = gatherHalves(table, tf.tensor2d(indices, [2, 2], 'int32'));
  expect(eager.shape).toEqual([2, 2, 2, 3]);
  expect([...eager.dataSync()]).toEqual(expected);
});
