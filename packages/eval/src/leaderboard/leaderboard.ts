/** @file The order of a leaderboard, and its front of accuracy and latency. */
import type { LeaderboardRow, SeedSpread } from '@plumbline/contracts';

export type UnrankedRow = Omit<LeaderboardRow, 'rank' | 'pareto'>;

/** A row's rank by `tieGroups`, or undefined where it was not tested. */
export type RankOf = (row: UnrankedRow) => number | undefined;

/**
 * Orders rows by their rank, and within one by mean image AUROC, then mean pixel AUROC (both highest first, undefined
 * last), then by name and version. Without ranks from a test, rows with equal numbers share one and the next is skipped
 * (1, 1, 3). Rows without image and pixel AUROC have nothing to be ranked by: they have none, as barred rows, which come last.
 * The input is left untouched.
 */
export function rankRows(rows: readonly UnrankedRow[], rankOf?: RankOf): LeaderboardRow[] {
  const sorted = [...rows].sort((a, b) => compareNumbers(a, b) || compareNames(a, b));
  const eligible = sorted.filter((row) => row.barred === null);
  const front = paretoFront(eligible);
  const ranked: LeaderboardRow[] = [];
  for (const [index, row] of eligible.entries()) {
    const previous = ranked.at(-1);
    const isEqual = previous !== undefined && compareNumbers(previous, row) === 0;
    const plain = isEqual && previous.rank !== null ? previous.rank : index + 1;
    const rank = isMeasured(row) ? (rankOf?.(row) ?? plain) : null;
    ranked.push({ ...row, rank, pareto: front.has(row) });
  }
  if (rankOf !== undefined)
    ranked.sort((a, b) => (a.rank ?? rows.length + 1) - (b.rank ?? rows.length + 1));
  const barred = sorted.filter((row) => row.barred !== null);
  return [...ranked, ...barred.map((row) => ({ ...row, rank: null, pareto: false }))];
}

/** Without a normal and an anomalous test image in any category, nothing is. */
function isMeasured({ mean }: UnrankedRow): boolean {
  return mean.imageAuroc !== null || mean.pixelAuroc !== null;
}

/** Rows that no row measured on the same hardware beats in mean image AUROC without being slower (p50). */
function paretoFront(rows: readonly UnrankedRow[]): Set<UnrankedRow> {
  return new Set(rows.filter((row) => isPlaced(row) && !rows.some((one) => dominates(one, row))));
}

function isPlaced(row: UnrankedRow): boolean {
  return row.mean.imageAuroc !== null && row.latencyMs.p50 !== null;
}

/** Both are placed. */
function dominates(other: UnrankedRow, row: UnrankedRow): boolean {
  if (!isPlaced(other) || other.latencyMs.hardware !== row.latencyMs.hardware) return false;
  const gain = Number(other.mean.imageAuroc) - Number(row.mean.imageAuroc);
  const delay = Number(other.latencyMs.p50) - Number(row.latencyMs.p50);
  return gain >= 0 && delay <= 0 && (gain > 0 || delay < 0);
}

/** Mean and sample standard deviation (n − 1) of a metric over runs that differ in their seeds alone. */
export function seedSpread(values: readonly (number | null)[]): SeedSpread {
  const defined = values.filter((value) => value !== null);
  const runs = defined.length;
  if (runs === 0) return { mean: null, spread: null, runs };
  const mean = defined.reduce((sum, value) => sum + value, 0) / runs;
  if (runs === 1) return { mean, spread: null, runs };
  const squares = defined.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: Math.sqrt(squares / (runs - 1)), runs };
}

function compareNumbers(a: UnrankedRow, b: UnrankedRow): number {
  return (
    compareMetric(a.mean.imageAuroc, b.mean.imageAuroc) ||
    compareMetric(a.mean.pixelAuroc, b.mean.pixelAuroc)
  );
}

/** Highest first; undefined (null) last. */
function compareMetric(a: number | null, b: number | null): number {
  return (b ?? -1) - (a ?? -1); // defined metrics are never negative
}

/** By code unit, so that the order does not depend on the machine's language. */
function compareNames(a: UnrankedRow, b: UnrankedRow): number {
  if (a.model !== b.model) return a.model < b.model ? -1 : 1;
  return a.modelVersion - b.modelVersion;
}
