import { describe, expect, it } from 'vitest';
import { allImages, categoryGroups, EpochBatches } from './batches.ts';
import { coverageOf } from './coverage.ts';
import { streamsOf } from './streams.ts';

const batches = (groups = allImages(10)) => new EpochBatches(groups, 4, streamsOf(0, 't'));

describe('coverageOf', () => {
  it('counts images that were drawn at all, and how often on average', () => {
    const of = (steps: number) => coverageOf({ name: 'l', batches: batches() }, steps, 10);
    expect(of(0)).toEqual({ part: 'l', images: 10, seen: 0, passes: 0 });
    expect(of(2)).toEqual({ part: 'l', images: 10, seen: 8, passes: 0.8 });
    expect(of(3)).toEqual({ part: 'l', images: 10, seen: 10, passes: 1.2 });
  });

  it('sees that balance leaves images of a large category out', () => {
    const groups = categoryGroups([...new Array(30).fill('many'), 'few', 'few']);
    // 16 draws, half of them of the two images.
    const coverage = coverageOf({ name: 'l', batches: batches(groups) }, 4, 32);
    expect(coverage).toEqual({ part: 'l', images: 32, seen: 10, passes: 0.5 });
  });
});
