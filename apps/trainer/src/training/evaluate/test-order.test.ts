/** @file Test images of large categories come in a mixed order, others by path, and results are stored by path in both cases. */
import { createHash } from 'node:crypto';
import type { Sample } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { byCategoryAndPath, inBatches, testOrder } from './test-order.ts';

const SIZE = { height: 1024, width: 1024 }; // 16 maps are ranked exactly

function made(category: string, count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const label = index < count / 2 ? ('anomalous' as const) : ('normal' as const);
    const path = `${category}/test/${label}/${String(index).padStart(3, '0')}.png`;
    const sha256 = createHash('sha256').update(path).digest('hex');
    const image = { sha256, bytes: 1, width: 8, height: 8, format: 'png' as const };
    return { path, category, split: 'test', label, defectType: null, image, mask: null };
  });
}

it('labels alternate in a category of too many pixels, as images seen so far lay the bins of those to come', () => {
  const ordered = testOrder([...made('nut', 16), ...made('bolt', 200)], SIZE);
  const bolts = ordered.slice(0, 200);
  expect(new Set(bolts.map(({ category }) => category))).toEqual(new Set(['bolt']));
  const anomalous = bolts.slice(0, 50).filter(({ label }) => label === 'anomalous').length;
  expect(anomalous).toBeGreaterThan(15);
  expect(anomalous).toBeLessThan(35);
  expect(ordered.slice(200)).toEqual(made('nut', 16));
});

it('the order is the same every time, and by path once the results are there', () => {
  const samples = made('bolt', 40);
  const ordered = testOrder(samples, SIZE);
  expect(ordered).not.toEqual(samples);
  expect(testOrder([...samples].reverse(), SIZE)).toEqual(ordered);
  expect([...ordered].sort(byCategoryAndPath)).toEqual(samples);
  expect(testOrder(samples, { height: 256, width: 256 })).toEqual(samples);
});

it('images of one shape go together in a category, unless its order is mixed', () => {
  const wide = (sample: Sample, index: number): Sample => {
    const width = index % 2 === 0 ? 8 : 16;
    return { ...sample, image: { ...sample.image, width } };
  };
  const samples = [...made('bolt', 6).map(wide), ...made('nut', 40).map(wide)];
  const ordered = testOrder(samples, SIZE);
  const batched = inBatches(ordered, SIZE);
  expect(batched.slice(0, 6).map(({ image }) => image.width)).toEqual([8, 8, 8, 16, 16, 16]);
  expect(batched.slice(0, 3)).toEqual([samples[0], samples[2], samples[4]]);
  expect(batched.slice(6)).toEqual(ordered.slice(6));
});
