import { FOLD_IMAGES, type Sample } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { makeSample, makeSamples } from '../testing/training-samples.ts';
import { crossFit } from './folds.ts';
import { requireTrainingImages } from './hold-out.ts';

/** Folds by path. */
function foldsOf(samples: readonly Sample[], seed = 0): Map<string, number> {
  const { fit, folds } = crossFit(samples, seed);
  return new Map(fit.map(({ path }, image) => [path, folds?.of[image] ?? Number.NaN]));
}

it('fits to every normal training image and leaves each out of one fit, a tenth of the category at a time', () => {
  const test = makeSample('bolt', 99, { split: 'test' });
  const { fit, heldOut, folds } = crossFit(
    [...makeSamples('bolt', 40), test, ...makeSamples('nut', 25)],
    0,
  );
  expect([fit.length, heldOut.length, folds?.count]).toEqual([65, 0, 10]);
  for (const [category, sizes] of [
    ['bolt', [4, 4]],
    ['nut', [2, 3]],
  ] as const) {
    const counts = Array.from(
      { length: 10 },
      (_, fold) =>
        fit.filter((one, i) => one.category === category && folds?.of[i] === fold).length,
    );
    expect([Math.min(...counts), Math.max(...counts)]).toEqual(sizes);
  }
});

it('leaves out one image at a time where there are few, and the only one of a category never', () => {
  const folds = foldsOf([...makeSamples('nut', 3), ...makeSamples('pin', 1)]);
  const nuts = [0, 1, 2].map((i) => folds.get(`nut/train/good/${i}.png`));
  expect([...nuts].sort()).toEqual([0, 1, 2]);
  expect(folds.get('pin/train/good/0.png')).toBe(-1);
  expect(() => requireTrainingImages(crossFit(makeSamples('pin', 1), 0))).toThrow(/too few normal/);
});

it('keeps byte-identical images in one fold, whatever they are called', () => {
  const twins = makeSamples('bolt', 12).flatMap((one) => [
    one,
    { ...one, path: `${one.path}.copy` },
  ]);
  const folds = foldsOf(twins, 3);
  for (const { path } of makeSamples('bolt', 12))
    expect(folds.get(`${path}.copy`)).toBe(folds.get(path));
});

it('depends on seed and images, not on order', () => {
  const samples = makeSamples('bolt', 30);
  const sorted = (folds: Map<string, number>) => [...folds].sort();
  expect(sorted(foldsOf([...samples].reverse(), 1))).toEqual(sorted(foldsOf(samples, 1)));
  expect(sorted(foldsOf(samples, 2))).not.toEqual(sorted(foldsOf(samples, 1)));
});

it('scores a few hundred of a large category, and fits to all of it', () => {
  const samples = makeSamples('bolt', FOLD_IMAGES + 50);
  const { fit, folds } = crossFit(samples, 0);
  expect(fit).toHaveLength(FOLD_IMAGES + 50);
  const scored = (seed: number) =>
    [...foldsOf(samples, seed)].filter(([, fold]) => fold >= 0).map(([path]) => path);
  expect(folds?.count).toBe(10);
  expect(scored(0)).toHaveLength(FOLD_IMAGES);
  expect(scored(1)).not.toEqual(scored(0));
});
