/** @file Which images of a search are listed. */
import type { Suspect } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { firstOf } from './list-suspects.ts';

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
