import { isUnfamiliar } from '@plumbline/contracts';
import { bankOf } from '@plumbline/contracts/testing';
import { expect, it } from 'vitest';
import { categoryReach } from './category-reach.ts';
import { leaveOneOut } from './leave-one-out.ts';

/** In a row, the last one apart. */
const row = (y: number, last: number): [number, number][] =>
  [0, 1, 2, 3, 4, 5, 6, last].map((x): [number, number] => [x, y]);

it('is the largest distance of a training image from the one most like it, from eight images on', () => {
  const bank = bankOf({
    row: row(0, 7.9),
    same: Array(8).fill([0, 50]),
    few: row(90, 9).slice(1),
  });
  const reach = categoryReach(leaveOneOut(bank, 5));
  expect(reach).toEqual({ row: expect.closeTo(1.9), same: 0.05 });
  const at = (x: number, y: number) => isUnfamiliar(bank, Float32Array.of(x, y), reach);
  expect([at(4, 0), at(7.9, 3.7), at(7.9, 3.9)]).toEqual([false, false, true]);
  expect([at(0.09, 50), at(0.2, 50)]).toEqual([false, true]);
  // The category of the image most like it can't tell.
  expect(at(3, 95)).toBeNull();
  expect(isUnfamiliar(bank, Float32Array.of(1, 1, 1), reach)).toBeNull();
  expect(isUnfamiliar(bank, Float32Array.of(1, 1), undefined)).toBeNull();
});

it('is that of the rest where a tenth of the images, or a single one, are unfamiliar to it', () => {
  const even = (count: number) => Array.from({ length: count }, (_, x): [number, number] => [x, 0]);
  const reachOf = (...points: [number, number][]) =>
    categoryReach(leaveOneOut(bankOf({ row: points }), 5))['row'];
  expect(reachOf(...even(8), [0, 2.1])).toBe(1);
  expect(reachOf(...even(18), [0, 30], [9, 60])).toBe(1);
  // Too many to be mistakes.
  expect(reachOf(...even(17), [0, 30], [9, 60], [0, 90])).toBeGreaterThan(29);
});

it('is known of each of many categories, of whose images not all are asked about', () => {
  const names = Array.from({ length: 150 }, (_, index) => `product ${index}`);
  const bank = bankOf(
    Object.fromEntries(
      names.map((name, y) => [name, Array.from({ length: 20 }, (_, x) => [x, 90 * y])]),
    ),
  );
  expect(categoryReach(leaveOneOut(bank, 5))).toEqual(
    Object.fromEntries(names.map((name) => [name, 1])),
  );
});
