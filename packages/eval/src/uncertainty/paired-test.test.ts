/** @file Bootstrap of image metrics, the paired test, tie groups and Holm's correction. */
import { DomainError } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import {
  areaUnderRoc,
  averagePrecision,
  f1Max,
  holm,
  pairedImageAurocTest,
  type TieGroupRow,
  tieGroups,
} from '../index.ts';
import { makeImages } from '../testing/made-images.ts';
import { meanAuroc } from './auroc-difference.ts';
import { drawCounts, resampleImageMetrics } from './image-resamples.ts';
import { type ImageScoreRow, imageStrata } from './image-strata.ts';
import { RandomStream } from './random-stream.ts';
import { scoreInterval } from './score-interval.ts';

const reversed = (rows: readonly ImageScoreRow[]) => [...rows].reverse();

function refusal(action: () => unknown): DomainError {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('Nothing was refused.');
}

describe('a resample', () => {
  test('has exactly the metrics of the images that were drawn, copied as often as drawn', () => {
    const rows = makeImages({ separation: 1, seed: 3, categories: ['bolt'] }).map((row, index) =>
      index % 5 === 0 ? { ...row, imageScore: Math.round(row.imageScore) } : row,
    );
    const [strata] = imageStrata(rows);
    if (strata === undefined) throw new Error('No strata');
    const resampled = resampleImageMetrics(strata, { resamples: 5, seed: 11 });
    const random = new RandomStream(11, 'bolt');
    const counts = new Uint32Array(50);
    for (let b = 0; b < 5; b += 1) {
      drawCounts(counts, 30, random);
      const drawn = [...counts].flatMap((count, image) => new Array<number>(count).fill(image));
      const scores = Float64Array.from(drawn, (image) => strata.scores[image] ?? Number.NaN);
      const labels = Uint8Array.from(drawn, (image) => (image < 30 ? 1 : 0));
      expect(resampled?.imageAuroc[b]).toBeCloseTo(areaUnderRoc(scores, labels) ?? -1, 12);
      expect(resampled?.imageAp[b]).toBeCloseTo(averagePrecision(scores, labels) ?? -1, 12);
      expect(resampled?.imageF1Max[b]).toBeCloseTo(f1Max(scores, labels)?.value ?? -1, 12);
    }
  });

  test('keeps the number of anomalous and of normal images', () => {
    const counts = new Uint32Array(10);
    drawCounts(counts, 3, new RandomStream(0, 'x'));
    expect(counts.subarray(0, 3).reduce((a, b) => a + b, 0)).toBe(3);
    expect(counts.subarray(3).reduce((a, b) => a + b, 0)).toBe(7);
  });

  test('spreads as the theory says (DeLong-like standard error of a binormal AUROC)', () => {
    const rows = makeImages({
      separation: 1,
      seed: 5,
      categories: ['x'],
      normal: 200,
      anomalous: 200,
    });
    const [strata] = imageStrata(rows);
    if (strata === undefined) throw new Error('No strata');
    const values = resampleImageMetrics(strata, { resamples: 2000, seed: 0 })?.imageAuroc;
    const auroc = areaUnderRoc(
      strata.scores,
      Uint8Array.from(strata.scores, (_, i) => +(i < 200)),
    );
    // Hanley & McNeil, Radiology 143, 1982.
    const a = auroc ?? Number.NaN;
    const q1 = a / (2 - a) - a * a;
    const q2 = (2 * a * a) / (1 + a) - a * a;
    const error = Math.sqrt((a * (1 - a) + 199 * q1 + 199 * q2) / 40_000);
    const spread = standardDeviation(values ?? new Float64Array());
    expect(spread / error).toBeGreaterThan(0.85);
    expect(spread / error).toBeLessThan(1.15);
  });
});

describe('the paired test', () => {
  test('a model against itself: no difference, p = 1', () => {
    const rows = makeImages({ separation: 1, seed: 1 });
    const { mean } = pairedImageAurocTest(rows, reversed(rows));
    expect(mean).toMatchObject({ difference: 0, p: 1 });
    expect(mean.low).toBeGreaterThan(-0.03);
    expect(mean.high).toBeLessThan(0.03);
  });

  test('finds a clear difference, with its sign, and gives the same numbers in any order', () => {
    const better = makeImages({ separation: 2.5, seed: 1 });
    const worse = makeImages({ separation: 0.5, seed: 2 });
    const result = pairedImageAurocTest(better, worse);
    expect(result.mean.low).toBeGreaterThan(0);
    expect(result.mean.p).toBeLessThan(0.01);
    expect(result.images).toBe(100);
    expect(result.categories.map(({ category }) => category)).toEqual(['bolt', 'cap']);
    expect(pairedImageAurocTest(reversed(better), worse)).toEqual(result);
    const { mean } = pairedImageAurocTest(worse, better);
    expect(mean.difference).toBeCloseTo(-result.mean.difference, 12);
    expect(mean.high).toBeLessThan(0);
  });

  test('is narrower than unpaired where both models err on the same images', () => {
    const a = makeImages({ separation: 2, seed: 1, shared: 2 });
    const b = makeImages({ separation: 2, seed: 2, shared: 2 });
    const { mean } = pairedImageAurocTest(a, b);
    const width = mean.high - mean.low;
    const wide = Math.hypot(
      ...[a, b].map((rows) => {
        const auroc = meanAuroc([imageStrata(rows)]) ?? never();
        const { low, high } = scoreInterval(auroc.estimate, 0.95);
        return high - low;
      }),
    );
    expect(width).toBeLessThan(0.85 * wide);
  });

  test('false positives are as rare as promised', () => {
    let found = 0;
    for (let trial = 0; trial < 100; trial += 1) {
      const a = makeImages({ separation: 1, seed: 2 * trial, categories: ['x'] });
      const b = makeImages({ separation: 1, seed: 2 * trial + 1, categories: ['x'] });
      if (pairedImageAurocTest(a, b).mean.p <= 0.05) found += 1;
    }
    expect(found).toBeGreaterThan(0); // a test that never finds anything would be useless
    expect(found).toBeLessThanOrEqual(12); // 5 expected; more than 12 has a chance of 0.001
  });

  test('refuses what is not the same set of images, naming the sample', () => {
    const rows = makeImages({ separation: 1, seed: 1 });
    const [first, ...rest] = rows;
    if (first === undefined) throw new Error('No rows');
    expect(refusal(() => pairedImageAurocTest(rows, rest)).file).toBe(first.path);
    expect(refusal(() => pairedImageAurocTest(rest, rows)).file).toBe(first.path);
    const relabelled = [{ ...first, label: 'anomalous' as const }, ...rest];
    expect(refusal(() => pairedImageAurocTest(rows, relabelled)).file).toBe(first.path);
    const broken = [{ ...first, imageScore: Number.NaN }, ...rest];
    expect(refusal(() => pairedImageAurocTest(broken, rows)).file).toBe(first.path);
    const twice = [first, ...rows];
    expect(refusal(() => pairedImageAurocTest(twice, twice)).file).toBe(first.path);
    const normal = rows.filter((row) => row.label === 'normal');
    expect(refusal(() => pairedImageAurocTest(normal, normal)).field).toBe('images');
  });
});

describe('tie groups', () => {
  const row = (id: string, separation: number, ...seeds: number[]): TieGroupRow => ({
    id,
    runs: seeds.map((seed) => makeImages({ separation, seed, shared: 0.5 })),
  });

  test('rows that cannot be told apart share a rank, and the next rank is skipped', () => {
    const ranks = tieGroups([row('poor', 0.2, 5), row('good', 3, 1), row('also good', 3, 2)]);
    expect(ranks.map(({ rank }) => rank)).toEqual([1, 1, 3]);
    expect(ranks.map(({ id }) => id)).toContain('also good');
    expect(ranks[2]?.id).toBe('poor');
    expect(ranks[1]?.leader).toBe(ranks[0]?.id);
    expect(ranks[1]?.correctedP).toBeGreaterThan(0.05);
  });

  test('a row that can not be told from the best shares its rank, though one between can be', () => {
    // The second is the best with a few images the wrong way round; the third errs on other images, so its difference is uncertain.
    const best = makeImages({ separation: 2.2, seed: 1 });
    const shifted = best.map((image, index) =>
      image.label === 'anomalous' && index % 4 === 0
        ? { ...image, imageScore: image.imageScore - 1.8 }
        : image,
    );
    const boards = Array.from({ length: 40 }, (_, seed) =>
      tieGroups([
        { id: 'best', runs: [best] },
        { id: 'between', runs: [shifted] },
        row('noisy', 1.6, 100 + seed),
      ]),
    );
    const skipped = boards.filter((ranks) => {
      const of = (id: string) => ranks.find((one) => one.id === id);
      const [leader, between, noisy] = [ranks[0], of('between'), of('noisy')];
      return (
        leader?.id === 'best' &&
        between?.rank !== 1 &&
        noisy?.rank === 1 &&
        (noisy.value ?? 0) < (between?.value ?? 0)
      );
    });
    expect(skipped.length).toBeGreaterThan(0);
    for (const ranks of boards) {
      for (const { rank, correctedP } of ranks)
        if (rank === 1) expect(correctedP ?? 1).toBeGreaterThan(0.05);
    }
  });

  test('the order of rows changes nothing; within a rank rows are in order of their values', () => {
    const rows = [row('a', 2, 1), row('b', 1.8, 2), row('c', 1, 3), row('d', 0.5, 4)];
    const ranks = tieGroups(rows);
    expect(tieGroups([...rows].reverse())).toEqual(ranks);
    for (const rank of new Set(ranks.map((one) => one.rank))) {
      const values = ranks.filter((one) => one.rank === rank).map(({ value }) => value ?? -1);
      expect([...values].sort((x, y) => y - x)).toEqual(values);
    }
  });

  test('with several seeds, their mean is ranked and their spread makes it harder to tell apart', () => {
    const steady = row('steady', 2.2, 1, 2, 3);
    const wild: TieGroupRow = {
      id: 'wild',
      runs: [0.4, 2.2, 3].map((separation, seed) => makeImages({ separation, seed: 50 + seed })),
    };
    const [first, second] = tieGroups([steady, wild]);
    expect(first?.id).toBe('steady');
    const width = (second?.behindLeader?.high ?? 0) - (second?.behindLeader?.low ?? 0);
    const single = tieGroups([row('steady', 2.2, 1), { id: 'wild', runs: wild.runs.slice(0, 1) }]);
    const singleWidth = pairedImageAurocTest(steady.runs[0] ?? never(), wild.runs[1] ?? never());
    expect(single).toHaveLength(2);
    expect(width).toBeGreaterThan(singleWidth.mean.high - singleWidth.mean.low);
  });

  test('undefined rows come last and share a rank; no rows give no ranks', () => {
    const normal = makeImages({ separation: 1, seed: 1 }).filter((each) => each.label === 'normal');
    const ranks = tieGroups(['b', 'a'].map((id) => ({ id, runs: [normal] })));
    expect(ranks.map(({ id, rank, value }) => [id, rank, value])).toEqual([
      ['a', 1, null],
      ['b', 1, null],
    ]);
    expect(tieGroups([])).toEqual([]);
    expect(refusal(() => tieGroups([{ id: 'a', runs: [] }])).message).toContain('Row a');
  });

  test('many rows: a corrected p can still become small enough', () => {
    const rows = Array.from({ length: 30 }, (_, index) =>
      row(`r${index}`, index < 1 ? 3 : 0, index),
    );
    const ranks = tieGroups(rows);
    expect(ranks[0]?.id).toBe('r0');
    expect(ranks[1]?.rank).toBe(2);
  });
});

describe('summaries', () => {
  test('Holm, by hand', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
}

function never(): never {
  throw new Error('Missing');
}
