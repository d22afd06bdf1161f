import { describe, expect, it } from 'vitest';
import type { FeatureSource } from '../method.ts';
import { BatchPlan, type BatchPlanOptions } from './batches.ts';

/** 12 images of `plain`, whose tokens are all alike, and 4 of `rich`, whose tokens differ. */
const features: FeatureSource = {
  count: 16,
  categories: Array.from({ length: 16 }, (_, image) => (image < 12 ? 'plain' : 'rich')),
  read: (_, images, out) => {
    for (let i = 0; i < out.length; i++)
      out[i] = images[Math.floor(i / 8)]! < 12 ? 1 + (i % 2) * 0.1 : i % 8;
  },
};

function plan(change: Partial<BatchPlanOptions> = {}): BatchPlan {
  return new BatchPlan({
    seed: 0,
    tap: 't',
    level: 0,
    features,
    tokens: 8,
    channels: 1,
    balance: 'none',
    batchSize: 8,
    ...change,
  });
}

function drawn(batches: BatchPlan, steps: number): number[] {
  const counts = new Array<number>(16).fill(0);
  for (let step = 0; step < steps; step++)
    for (const image of batches.images(step)) counts[image]!++;
  return counts;
}

const rich = (counts: number[]) => counts.slice(12).reduce((sum, count) => sum + count, 0);

describe('BatchPlan', () => {
  it('goes through all images before it sees one again', () => {
    expect(drawn(plan(), 2)).toEqual(new Array(16).fill(1));
    expect(drawn(plan({ batchSize: 5 }), 16)).toEqual(new Array(16).fill(5));
  });

  it('gives each category alike when balanced, and every image of a category alike', () => {
    const counts = drawn(plan({ balance: 'category' }), 30);
    expect(rich(counts)).toBe(120);
    expect(counts.slice(12)).toEqual([30, 30, 30, 30]);
    expect(new Set(counts.slice(0, 12))).toEqual(new Set([10]));
  });

  it('gives more of the category with more to learn, and none too little', () => {
    const share = rich(drawn(plan({ balance: 'difficulty' }), 30)) / 240;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.85);
  });

  it('is a function of the step: asked in any order, the same', () => {
    for (const balance of ['none', 'category', 'difficulty'] as const) {
      const [forward, backward] = [plan({ balance }), plan({ balance })];
      const steps = [0, 1, 2, 3, 40, 41, 500];
      const first = new Map(steps.map((step) => [step, [...forward.images(step)]]));
      for (const step of steps.reverse())
        expect([...backward.images(step)]).toEqual(first.get(step));
    }
    expect([...plan({ seed: 1 }).images(0)]).not.toEqual([...plan().images(0)]);
  });
});
