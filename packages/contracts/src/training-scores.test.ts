/** @file Training images that stand out: of their own category, and little moved by each other. */
import { expect, it } from 'vitest';
import { findSuspects, suspectsWords, type TrainingScore, toSuspects } from './training-scores.ts';

function imagesOf(category: string, scores: readonly number[]): TrainingScore[] {
  return scores.map((imageScore, i) => ({
    path: `${category}/${i}`,
    ...{ category, imageScore, sha256: 'ab'.repeat(32) },
  }));
}

const usual = [1, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98];

it('ranks by what is usual in the category, whatever its scale', () => {
  const images = [
    ...imagesOf('small', [...usual, 3]),
    ...imagesOf('large', [...usual.map((score) => 100 * score), 200]),
  ];
  const [first, second] = findSuspects({ images });
  // 200 is larger than 3, but less far from what its category has.
  expect([first?.path, second?.path]).toEqual(['small/7', 'large/7']);
  // Median 1.01, absolute deviations 0.01 0.01 0.03 0.04 0.06 0.09 0.11 1.99: median 0.05.
  expect(first?.robustCut).toBeCloseTo(1.01 + 3.5 * 1.4826 * 0.05, 10);
  expect(first?.deviations).toBeCloseTo(1.99 / (1.4826 * 0.05), 10);
});

it('lists those beyond the cut, or the first so many', () => {
  const scores = { formatVersion: 1, scoresFrom: 'crossFit' } as const;
  const images = imagesOf('bolt', [...usual, 3, 4]);
  const found = toSuspects({ ...scores, images });
  expect(found).toMatchObject({ scored: 9, beyondCut: 2, scoresFrom: 'crossFit' });
  expect(found.suspects.map(({ path }) => path)).toEqual(['bolt/8', 'bolt/7']);
  expect(suspectsWords(found)).toMatch(/^9 normal .*each by a fit without it: 2 stand out/);
  expect(toSuspects({ ...scores, images }, 5).suspects).toHaveLength(5);
  const clean = toSuspects({ ...scores, images: imagesOf('bolt', usual) });
  expect(suspectsWords(clean)).toMatch(/none stands out\.$/);
});

it('says nothing of categories with few scores, or equal ones, and nothing of a version without scores', () => {
  expect(findSuspects({ images: imagesOf('few', [1, 1, 1, 9]) })).toEqual([]);
  expect(findSuspects({ images: imagesOf('equal', [1, 1, 1, 1, 1]) })).toEqual([]);
  // More than half are equal: the mean deviation takes the place of the median one.
  expect(findSuspects({ images: imagesOf('most', [1, 1, 1, 1, 9]) })[0]?.path).toBe('most/4');
  expect(toSuspects(null)).toMatchObject({ scoresFrom: null, suspects: [] });
});

it('tells images that were learned from by each other, and says of what nothing can be said', () => {
  // Held out: fewer than five of each category. Learned from: lower scores, one of them far above the others.
  const scores = {
    ...({ formatVersion: 1, scoresFrom: 'heldOut' } as const),
    images: [...imagesOf('bolt', [5, 5.1, 4.9, 5.2]), ...imagesOf('nut', [2, 2, 3])],
    learned: [
      ...imagesOf('bolt', [...usual, 3]).map((image) => ({ ...image, path: `seen/${image.path}` })),
      ...imagesOf('nut', [1, 1, 9]),
    ],
  };
  const found = toSuspects(scores);
  expect(found).toMatchObject({ scored: 7, learned: 11, beyondCut: 1, tooFew: ['nut'] });
  expect(found.suspects).toEqual([
    expect.objectContaining({ path: 'seen/bolt/7', isLearned: true }),
  ]);
  expect(suspectsWords(found)).toMatch(
    /7 were held out .* and 11 by the fit that learned from them.*1 stands out.*too few to tell: nut\.$/,
  );
  const { learned: _, ...before } = scores;
  expect(suspectsWords(toSuspects(before))).toMatch(
    /others were not scored: none stands out\. Retrieval.* too few to tell: bolt, nut\.$/,
  );
});
