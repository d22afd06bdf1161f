/** @file Which images of a search are listed, and how their maps are made small. */
import type { Suspect } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { firstOf, shrunk } from './list-suspects.ts';

const ranked = (category: string, count: number, beyond: number): Suspect[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ path: `${category}/${i}`, category, sha256: 'ab'.repeat(32), isLearned: false },
    ...{ imageScore: i < beyond ? 2 : 0.5, robustCut: 1, deviations: count - i },
  }));

it('lists those beyond the cut, six of each category at least, and sixty at most', () => {
  const both = [...ranked('bolt', 20, 8), ...ranked('nut', 20, 1)];
  const counts = (category: string) =>
    firstOf(both).filter((one) => one.category === category).length;
  expect([counts('bolt'), counts('nut')]).toEqual([8, 6]);
  expect(firstOf(ranked('bolt', 90, 80))).toHaveLength(60);
  expect(firstOf(ranked('bolt', 3, 0))).toHaveLength(3);
});

it('takes the mean of each square', () => {
  expect([...shrunk(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 4, 0, 0), 2)]).toEqual([
    3.5, 5.5, 1, 0,
  ]);
  expect(() => shrunk(new Float32Array(9), 2)).toThrow(RangeError);
});
