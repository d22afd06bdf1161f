import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { Reservoir } from './reservoir.ts';

/** Patches are two numbers: their index and its negative. */
function fill(capacity: number, offers: number, seed: number): Reservoir {
  const reservoir = new Reservoir(capacity, 2, RandomStream.from(seed, 'reservoir'));
  for (let i = 0; i < offers; i++) reservoir.offer(Float32Array.of(99, i, -i), 1, i);
  return reservoir;
}

describe('Reservoir', () => {
  it('keeps everything while there is room', () => {
    const reservoir = fill(5, 3, 0);
    expect([reservoir.seen, reservoir.kept]).toEqual([3, 3]);
    expect([...reservoir.rows]).toEqual([0, -0, 1, -1, 2, -2]);
  });

  it('keeps whole patches, each once', () => {
    const { rows, sources } = fill(50, 1000, 3);
    expect([...sources]).toEqual([...rows].filter((_, i) => i % 2 === 0));
    const kept = new Set<number>();
    for (let i = 0; i < rows.length; i += 2) {
      expect(rows[i + 1]! + rows[i]!).toBe(0);
      kept.add(rows[i]!);
    }
    expect(kept.size).toBe(50);
  });

  it('keeps every patch with the same probability', () => {
    const [offers, trials, capacity] = [40, 4000, 10];
    const counts = new Float64Array(offers);
    for (let trial = 0; trial < trials; trial++) {
      const { rows } = fill(capacity, offers, trial);
      for (let i = 0; i < rows.length; i += 2) counts[rows[i]!]!++;
    }
    // Expected 1000 each; the statistic has 39 degrees of freedom, and exceeds 80 with probability 1e-4.
    const expected = (trials * capacity) / offers;
    const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(statistic).toBeLessThan(80);
  });

  it('keeps the same for the same seed', () => {
    expect([...fill(5, 100, 7).rows]).toEqual([...fill(5, 100, 7).rows]);
    expect([...fill(5, 100, 7).rows]).not.toEqual([...fill(5, 100, 8).rows]);
  });
});
