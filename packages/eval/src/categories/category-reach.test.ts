import { isUnfamiliar } from '@plumbline/contracts';
import { bankOf } from '@plumbline/contracts/testing';
import { expect, it } from 'vitest';
import { categoryReach } from './category-reach.ts';
import { leaveOneOut } from './leave-one-out.ts';

/** Eight in a row, the last one apart. */
const row = (y: number): [number, number][] =>
  [0, 1, 2, 3, 4, 5, 6, 9].map((x): [number, number] => [x, y]);

it('is the largest distance of a training image from the one most like it, from eight images on', () => {
  const bank = bankOf({ row: row(0), same: Array(8).fill([0, 50]), few: row(90).slice(1) });
  const reach = categoryReach(leaveOneOut(bank, 5));
  expect(reach).toEqual({ row: 3, same: 0.05 });
  const at = (x: number, y: number) => isUnfamiliar(bank, Float32Array.of(x, y), reach);
  expect([at(4, 0), at(9, 5.9), at(9, 6.1)]).toEqual([false, false, true]);
  expect([at(0.09, 50), at(0.2, 50)]).toEqual([false, true]);
  // The category of the image most like it can't tell.
  expect(at(3, 95)).toBeNull();
  expect(isUnfamiliar(bank, Float32Array.of(1, 1, 1), reach)).toBeNull();
  expect(isUnfamiliar(bank, Float32Array.of(1, 1), undefined)).toBeNull();
});
