import { expect, it } from 'vitest';
import { cflowRate } from './schedule.ts';

/** As released: eta_min + (lr − eta_min)·(1 + cos(π·epoch/25))/2 with eta_min = lr/1000. */
const cosine = (epoch: number) =>
  2e-7 + ((2e-4 - 2e-7) * (1 + Math.cos((Math.PI * epoch) / 25))) / 2;

it('rises over two of 25 stairs from a tenth, then falls a stair at a time', () => {
  expect(cflowRate(2e-4, 0)).toBeCloseTo(2e-5, 12);
  expect(cflowRate(2e-4, 1 / 25)).toBeCloseTo((2e-5 + cosine(2)) / 2, 12);
  expect(cflowRate(2e-4, 2 / 25)).toBeCloseTo(cosine(2), 12);
  expect(cflowRate(2e-4, 12.7 / 25)).toBeCloseTo(cosine(12), 12);
  expect(cflowRate(2e-4, 0.9999)).toBeCloseTo(cosine(24), 12);
});
