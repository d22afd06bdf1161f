/** @file The part of a bank that a few images are compared with has all that they may be nearest to. */
import { expect, it } from 'vitest';
import { bankAround } from './near-bank.ts';
import type { RetrievalPlan } from './plan.ts';

const IMAGES = 12;
const COUNT = 3;
const plan = {
  levels: [],
  ...{ descriptorSize: 2, distance: 'scaled', images: COUNT, localScale: 0.5, closeShare: 1 },
} satisfies RetrievalPlan;
/** Around a circle, each most like those beside it. */
const descriptors = Float32Array.from({ length: 2 * IMAGES }, (_, i) => {
  const angle = (Math.floor(i / 2) * Math.PI) / IMAGES;
  return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
});
const halves = (rows: number) =>
  Uint16Array.from({ length: IMAGES * rows * 4 }, (_, i) => Math.floor(i / (rows * 4)));
const bank = {
  ...{ images: IMAGES, descriptors },
  levels: [
    {
      projection: null,
      patches: { shape: [IMAGES, 6, 4], halves: halves(6) },
    },
  ],
};
/** As images of a run are numbered. */
const kept = Int32Array.from({ length: IMAGES }, (_, slot) => slot);
const around = (images: number[], isExcluded = (a: number, b: number) => a === b) =>
  bankAround(plan, { bank, kept }, { images: Int32Array.from(images), descriptors, isExcluded });

it('keeps the nearest images of each, as they were and in their order', () => {
  const { bank: part, kept: images } = around([5, 0]);
  // Both neighbors on the circle, and what is as near as the last of them; those of the first lie on one side.
  expect([...images]).toEqual([1, 2, 3, 4, 6, 7]);
  expect(part.images).toBe(6);
  const [level] = part.levels;
  expect(level?.patches.shape).toEqual([6, 6, 4]);
  expect([...(level?.patches.halves ?? [])]).toEqual(
    [1, 2, 3, 4, 6, 7].flatMap((i) => Array(24).fill(i)),
  );
  expect(part.descriptors.slice(0, 2)).toEqual(descriptors.slice(2, 4));
});

it('looks further where an image may not see those beside it', () => {
  const { kept: images } = around([5], (a, b) => Math.abs(a - b) < 2);
  expect([...images]).toEqual([2, 3, 7, 8]);
});

it.each([
  ['many images', [0, 1, 2, 3, 4, 5, 6], undefined],
  ['an image that may see too few', [5], (_: number, other: number) => other > 1],
] as const)('is the whole bank for %s', (_, images, isExcluded) => {
  expect(around([...images], isExcluded).bank).toBe(bank);
});
