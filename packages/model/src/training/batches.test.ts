import { describe, expect, it } from 'vitest';
import { allImages, categoryGroups, EpochBatches, type ImageGroup } from './batches.ts';
import { streamsOf } from './streams.ts';

/** 12 images of `many` and 4 of `few`. */
const CATEGORIES = Array.from({ length: 16 }, (_, image) => (image < 12 ? 'many' : 'few'));

function batches(groups: ImageGroup[] = allImages(16), batchSize = 8, seed = 0): EpochBatches {
  return new EpochBatches(groups, batchSize, streamsOf(seed, 't'));
}

function drawn(drawing: EpochBatches, steps: number): number[] {
  const counts = new Array<number>(16).fill(0);
  for (let step = 0; step < steps; step++)
    for (const image of drawing.images(step)) counts[image]!++;
  return counts;
}

const few = (counts: number[]) => counts.slice(12).reduce((sum, count) => sum + count, 0);

describe('EpochBatches', () => {
  it('goes through all images before it sees one again', () => {
    expect(drawn(batches(), 2)).toEqual(new Array(16).fill(1));
    expect(drawn(batches(allImages(16), 5), 16)).toEqual(new Array(16).fill(5));
  });

  it('gives each category alike when balanced, and every image of a category alike', () => {
    const counts = drawn(batches(categoryGroups(CATEGORIES)), 30);
    expect(few(counts)).toBe(120);
    expect(counts.slice(12)).toEqual([30, 30, 30, 30]);
    expect(new Set(counts.slice(0, 12))).toEqual(new Set([10]));
  });

  it('gives groups their weights', () => {
    const groups = categoryGroups(CATEGORIES).map((group) => ({
      ...group,
      weight: group.name === 'few' ? 3 : 1,
    }));
    expect(few(drawn(batches(groups), 30))).toBe(180);
  });

  it('is a function of the step: asked in any order, the same', () => {
    for (const groups of [allImages(16), categoryGroups(CATEGORIES)]) {
      const [forward, backward] = [batches(groups), batches(groups)];
      const steps = [0, 1, 2, 3, 40, 41, 500];
      const first = new Map(steps.map((step) => [step, [...forward.images(step)]]));
      for (const step of steps.reverse())
        expect([...backward.images(step)]).toEqual(first.get(step));
    }
    expect([...batches(allImages(16), 8, 1).images(0)]).not.toEqual([...batches().images(0)]);
  });
});
