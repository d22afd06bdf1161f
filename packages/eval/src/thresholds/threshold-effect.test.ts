/** @file What thresholds mean on the test split. */
import { describe, expect, test } from 'vitest';
import { fitCuts, thresholdEffect } from '../index.ts';

describe('the effect on the test split', () => {
  const image = (path: string, imageScore: number, defectType: string | null = null) => ({
    path,
    category: path.slice(0, 1),
    label: defectType === null ? ('normal' as const) : ('anomalous' as const),
    defectType,
    imageScore,
  });
  const profile = {
    pooled: { imageThreshold: 5 },
    categories: { a: { imageThreshold: 2, uncertainThreshold: 1 } },
  };

  test('by hand: misses, false alarms and the band, by category and defect type', () => {
    const { total, categories } = thresholdEffect(
      [
        image('a1', 0.5),
        image('a2', 1), // in the band: from its lower end on
        image('a3', 2), // a false alarm: from the threshold on
        image('a4', 0.9, 'dent'),
        image('a5', 1.5, 'dent'),
        image('a6', 2, 'scratch'),
        image('b1', 4.9, 'dent'), // no thresholds of its own: the pooled one
        image('b2', 5),
      ],
      profile,
    );
    expect(categories['a']).toEqual({
      normal: 3,
      falseAlarms: 1,
      normalInBand: 1,
      anomalous: 3,
      missed: 1,
      anomalousInBand: 1,
      defectTypes: {
        dent: { images: 2, missed: 1, inBand: 1 },
        scratch: { images: 1, missed: 0, inBand: 0 },
      },
    });
    expect(categories['b']).toMatchObject({ normal: 1, falseAlarms: 1, anomalous: 1, missed: 1 });
    expect(total).toMatchObject({ normal: 4, falseAlarms: 2, anomalous: 4, missed: 2 });
    expect(total.defectTypes['dent']).toEqual({ images: 3, missed: 2, inBand: 1 });
  });

  test('whatever categories and defect types are called', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'größe & Form 😀']) {
      const images = [
        { ...image('a1', 0.5, name), category: name },
        { ...image('a2', 9, name), category: name },
      ];
      const { total, categories } = thresholdEffect(images, profile);
      expect(Object.entries(total.defectTypes)).toEqual([
        [name, { images: 2, missed: 1, inBand: 0 }],
      ]);
      expect(Object.keys(categories)).toEqual([name]);
      const cuts = fitCuts(Object.fromEntries([[name, [1, 2, 3]]]));
      expect(Object.keys(cuts.categories)).toEqual([name]);
    }
  });

  test('no images, no counts; a score that is not finite is refused by name', () => {
    expect(thresholdEffect([], profile).total.normal).toBe(0);
    expect(() => thresholdEffect([image('a1', Number.NaN)], profile)).toThrow(/a1/);
  });
});
