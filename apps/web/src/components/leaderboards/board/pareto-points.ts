/** @file Rows in the plane of latency and image AUROC, and which of them nothing beats. */
import type { LeaderboardRow } from '@plumbline/contracts';

export interface ParetoPoint {
  /** Stands beside the point in the picture and in front of its line in the table: 1 is the fastest. */
  readonly number: number;
  readonly name: string;
  readonly href: string;
  /** Mean image AUROC, [0, 1]. */
  readonly accuracy: number;
  /** Latency, milliseconds. */
  readonly p50: number;
  readonly p95: number | null;
  readonly hardware: string;
  readonly onFront: boolean;
  /** For a point off the front: the most accurate row that is no slower on the same hardware. */
  readonly beatenBy: string | null;
}

export interface Pareto {
  /** Fastest first. */
  readonly points: ParetoPoint[];
  /** Latencies of different hardware can't be compared: one front each. */
  readonly hardware: string[];
  /** Rows that have no place, and why. */
  readonly leftOut: { readonly name: string; readonly why: string }[];
}

type Placed = Omit<ParetoPoint, 'number' | 'beatenBy'>;

export function paretoPoints(rows: readonly LeaderboardRow[]): Pareto {
  const leftOut: Pareto['leftOut'][number][] = [];
  const placed: Placed[] = [];
  for (const row of rows) {
    const name = `${row.model} v${row.modelVersion}`;
    const accuracy = row.mean.imageAuroc;
    const { p50, p95, hardware } = row.latencyMs;
    if (row.barred !== null) leftOut.push({ name, why: 'barred' });
    else if (accuracy === null) leftOut.push({ name, why: 'its image AUROC is undefined' });
    else if (p50 === null) leftOut.push({ name, why: 'its latency was not measured' });
    else {
      const href = `/models/${row.model}?version=${row.modelVersion}`;
      const place = { accuracy, p50, p95, hardware: hardware ?? 'hardware not recorded' };
      placed.push({ name, href, ...place, onFront: row.pareto });
    }
  }
  placed.sort((a, b) => a.p50 - b.p50 || b.accuracy - a.accuracy || (a.name < b.name ? -1 : 1));
  const points = placed.map((point, index) => ({
    ...point,
    number: index + 1,
    beatenBy: point.onFront ? null : beatenBy(point, placed),
  }));
  return { points, hardware: [...new Set(points.map((point) => point.hardware))], leftOut };
}

function beatenBy(point: Placed, others: readonly Placed[]): string | null {
  const better = others.filter(
    (one) =>
      one.onFront &&
      one.hardware === point.hardware &&
      one.p50 <= point.p50 &&
      one.accuracy >= point.accuracy,
  );
  return better.sort((a, b) => b.accuracy - a.accuracy)[0]?.name ?? null;
}

/** The marks of a logarithmic axis: 1, 2, 5, 10 …, 1, 10 … where those are too many, the ends where fewer than two are within. */
export function logMarks(low: number, high: number, most: number): number[] {
  const marks = [marksOf(low, high, [1, 2, 5]), marksOf(low, high, [1])].find(
    (one) => one.length <= most,
  );
  return marks === undefined || marks.length < 2 ? [low, high] : marks;
}

function marksOf(low: number, high: number, steps: readonly number[]): number[] {
  const marks: number[] = [];
  for (let decade = 10 ** Math.floor(Math.log10(low)); decade < high; decade *= 10) {
    for (const step of steps) {
      const mark = step * decade;
      if (mark >= low && mark <= high) marks.push(mark);
    }
  }
  return marks;
}
