/** @file The radix sort orders any finite floats and carries its payload along. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortScores } from './radix-sort.ts';

test('equals the built-in sort, and each payload stays with its score', () => {
  const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 });
  fc.assert(
    fc.property(floats, (values) => {
      const scores = Float32Array.from(values);
      const sorted = sortScores(scores.slice(), Int32Array.from(scores.keys()));
      const expected = Float32Array.from(values, (value) => value + 0).sort(); // + 0 turns -0 into +0
      expect([...sorted.scores]).toEqual([...expected]);
      const carried = [...(sorted.payload ?? [])].map((index) => Number(scores[index]) + 0);
      expect(carried).toEqual([...expected]);
    }),
  );
});

test('is stable, also when one pass can be skipped', () => {
  const sorted = sortScores(Float32Array.of(2, 1, 2, 1, 2), Int32Array.of(0, 1, 2, 3, 4));
  expect([...(sorted.payload ?? [])]).toEqual([1, 3, 0, 2, 4]);
});

test('sorts a view into a larger buffer without touching its surroundings', () => {
  const buffer = Float32Array.of(9, 3, 1, 2, 9);
  expect([...sortScores(buffer.subarray(1, 4), null).scores]).toEqual([1, 2, 3]);
  expect([buffer[0], buffer[4]]).toEqual([9, 9]);
});
