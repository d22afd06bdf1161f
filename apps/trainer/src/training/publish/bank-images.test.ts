import type { Sample } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { chooseBankImages } from './bank-images.ts';

function samplesOf(category: string, count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => ({
    path: `${category}/train/good/${i}.png`,
    category,
    split: 'train',
    label: 'normal',
    defectType: null,
    image: { sha256: `${category}-${i}`, width: 1, height: 1, bytes: 1, format: 'png' },
    mask: null,
  }));
}

const counts = (chosen: readonly Sample[]) => {
  const found = new Map<string, number>();
  for (const { category } of chosen) found.set(category, (found.get(category) ?? 0) + 1);
  return Object.fromEntries(found);
};

test('all of a small category, 150 of a large one, in the order of the names', () => {
  const chosen = chooseBankImages([...samplesOf('nut', 400), ...samplesOf('bolt', 12)], 0, 1536);
  expect(counts(chosen)).toEqual({ bolt: 12, nut: 150 });
  expect(chosen[0]?.category).toBe('bolt');
});

test('the same for the same seed whatever the order, others for another seed', () => {
  const samples = samplesOf('nut', 400);
  const hashes = (seed: number, from: readonly Sample[]) =>
    chooseBankImages(from, seed, 1536).map(({ image }) => image.sha256);
  expect(hashes(1, [...samples].reverse())).toEqual(hashes(1, samples));
  expect(hashes(2, samples)).not.toEqual(hashes(1, samples));
});

test('equal images count once', () => {
  const [one] = samplesOf('nut', 1) as [Sample];
  expect(chooseBankImages([one, { ...one, path: 'nut/train/good/copy.png' }], 0, 8)).toHaveLength(
    1,
  );
});

test('many categories of a wide backbone get fewer each, but never fewer than 20', () => {
  const many = Array.from({ length: 30 }, (_, i) => samplesOf(`c${i}`, 200)).flat();
  const size = 6144;
  const chosen = chooseBankImages(many, 0, size);
  expect(chosen.length * size * 2).toBeLessThanOrEqual(16e6);
  expect(counts(chosen)['c7']).toBe(43);
  const more = Array.from({ length: 200 }, (_, i) => samplesOf(`c${i}`, 30)).flat();
  expect(counts(chooseBankImages(more, 0, size))['c7']).toBe(20);
});
