import type { GraphSession, TensorMap, TensorValue } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { SwappedState } from './swapped-state.ts';

const vector = (...values: number[]): TensorValue => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

/** aNext = a + x; bNext = b + a: writes to the buffers it is given, a's before it reads a the second time. */
const graph: GraphSession = {
  inputNames: ['a', 'b', 'x'],
  outputNames: ['aNext', 'bNext', 'sum'],
  async run(feeds: TensorMap, outputs?: TensorMap) {
    const at = (map: TensorMap | undefined, name: string) => map?.[name]?.data as Float32Array;
    const [a, b, x] = [at(feeds, 'a'), at(feeds, 'b'), at(feeds, 'x')];
    const sum = (a[0] ?? 0) + (b[0] ?? 0);
    at(outputs, 'aNext').forEach((_, i, out) => {
      out[i] = (a[i] ?? 0) + (x[i] ?? 0);
    });
    at(outputs, 'bNext').forEach((_, i, out) => {
      out[i] = (b[i] ?? 0) + (a[i] ?? 0);
    });
    return { ...outputs, sum: vector(sum) };
  },
  async release() {},
};

describe('SwappedState', () => {
  it('feeds what was written, in other buffers or in the same', async () => {
    const start = { a: vector(1, 2), b: vector(10, 20) };
    const state = new SwappedState(
      graph,
      { a: { output: 'aNext', inPlace: false }, b: { output: 'bNext', inPlace: true } },
      start,
    );
    const written = start.b.data;
    const sums: number[] = [];
    for (let step = 0; step < 3; step++) {
      const { sum } = await state.step({ x: vector(1, 1) }, ['sum']);
      sums.push(Number(sum?.data[0]));
    }
    // a: 1 2 3 → 4; b: 10, 11, 13 → 16.
    expect(sums).toEqual([11, 13, 16]);
    const { a, b } = await state.readState();
    expect([...(a?.data ?? [])]).toEqual([4, 5]);
    expect([...(b?.data ?? [])]).toEqual([16, 29]);
    expect(b?.data).toBe(written);
    expect(a?.data).not.toBe(start.a.data);
  });
});
