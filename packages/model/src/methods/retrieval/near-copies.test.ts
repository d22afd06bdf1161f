/** @file Copies are found beside what is usual around them, whatever the category. */
import { expect, it } from 'vitest';
import { nearCopies, withCopies } from './near-copies.ts';

/** Images as points on a line of arcs: similarity is the cosine of the angle between two. */
function neighborsOf(angles: readonly number[], count: number) {
  const lists = angles.map((own, image) =>
    angles
      .map((angle, other) => ({ other, similarity: Math.cos(angle - own) }))
      .filter(({ other }) => other !== image)
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, count),
  );
  return {
    count,
    nearest: Int32Array.from(lists.flat(), ({ other }) => other),
    similarities: Float32Array.from(lists.flat(), ({ similarity }) => similarity),
  };
}

/** Two categories, one of images much more alike. */
const wide = [0, 0.1, 0.21, 0.3, 0.41, 0.5];
const narrow = [2, 2.01, 2.021, 2.03, 2.041, 2.05];

it('finds no copies where all are as far apart as usual', () => {
  const group = nearCopies(neighborsOf([...wide, ...narrow], 4), 1);
  expect([...group]).toEqual([...group.keys()]);
  expect(withCopies(group).size).toBe(0);
});

it('finds an image taken twice, and one taken three times, in either category', () => {
  // 0.01 is close where 0.1 is usual, and usual where 0.01 is.
  const angles = [...wide, 0.41 + 0.01, ...narrow, 2.01 + 0.001, 2.01 + 0.002];
  const group = nearCopies(neighborsOf(angles, 4), 1);
  expect([...withCopies(group)].sort((a, b) => a - b)).toEqual([4, 6, 8, 13, 14]);
  expect(group[6]).toBe(group[4]);
  expect(group[13]).toBe(group[8]);
  expect(group[14]).toBe(group[8]);
});

it('says nothing of images that are not scored', () => {
  const neighbors = neighborsOf([...wide, 0.41 + 0.01], 4);
  neighbors.similarities.fill(Number.NaN);
  expect(withCopies(nearCopies(neighbors, 1)).size).toBe(0);
});
