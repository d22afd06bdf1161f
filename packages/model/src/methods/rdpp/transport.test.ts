/**
 * @file Why RD++ here has no transport term: as released it is the Sinkhorn divergence (Feydy et al. 2019) between a batch and the same
 * batch in another order. Here as geomloss has it, squared distances halved and blurred by 0.05, until it has converged.
 */
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { formula } from '../formula.ts';

type Points = readonly Float64Array[];

const BLUR = 0.05 ** 2;
const ROUNDS = 300;

/** What moving one set of equally heavy points to another costs, blurred: by potentials in logarithms. */
function transportCost(from: Points, to: Points): number {
  const costs = from.map((x) =>
    to.map((y) => x.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0) / 2),
  );
  const softMinimum = (values: readonly number[]) => {
    const least = Math.min(...values);
    const sum = values.reduce((total, value) => total + Math.exp((least - value) / BLUR), 0);
    return least - BLUR * Math.log(sum / values.length);
  };
  let [left, right] = [from.map(() => 0), to.map(() => 0)];
  for (let round = 0; round < ROUNDS; round++) {
    const nextLeft = costs.map((row) => softMinimum(row.map((cost, j) => cost - right[j]!)));
    const nextRight = to.map((_, j) => softMinimum(costs.map((row, i) => row[j]! - left[i]!)));
    left = left.map((value, i) => (value + nextLeft[i]!) / 2);
    right = right.map((value, j) => (value + nextRight[j]!) / 2);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return mean(left) + mean(right);
}

function divergence(a: Points, b: Points): number {
  return transportCost(a, b) - (transportCost(a, a) + transportCost(b, b)) / 2;
}

/** Softmax of whole maps of projected features, one point per image, as released. */
function batchOf(salt: number, images = 5, size = 12): Float64Array[] {
  return Array.from({ length: images }, (_, image) => {
    const powers = formula(size, salt + image).map((x) => Math.exp(4 * x));
    const total = powers.reduce((sum, x) => sum + x, 0);
    return powers.map((x) => x / total);
  });
}

const reordered = (points: Points, seed: number): Float64Array[] =>
  Array.from(RandomStream.from(seed, 'order').permutation(points.length), (at) => points[at]!);

describe('the transport term of RD++', () => {
  it('is 0 between a batch and the same batch in any order, and not between two batches', () => {
    const batch = batchOf(1);
    expect(divergence(batch, batch)).toBe(0);
    for (const seed of [1, 2, 3])
      expect(Math.abs(divergence(batch, reordered(batch, seed)))).toBeLessThan(1e-12);
    expect(divergence(batch, batchOf(50))).toBeGreaterThan(1e-2);
  });

  it('has no gradient, whether the other order moves along or stays', () => {
    const batch = batchOf(1);
    const other = reordered(batch, 1);
    const by = 1e-4;
    const movedBatch = (shift: number) =>
      batch.map((point, image) => point.map((x, i) => (image === 2 && i === 3 ? x + shift : x)));
    for (const against of [(moved: Points) => reordered(moved, 1), () => other]) {
      const [up, down] = [by, -by].map((shift) => {
        const moved = movedBatch(shift);
        return divergence(moved, against(moved));
      }) as [number, number];
      expect(Math.abs(up - down) / (2 * by)).toBeLessThan(1e-6);
    }
    const [up, down] = [by, -by].map((shift) => divergence(movedBatch(shift), batchOf(50))) as [
      number,
      number,
    ];
    expect(Math.abs(up - down) / (2 * by)).toBeGreaterThan(1e-3);
  });
});
