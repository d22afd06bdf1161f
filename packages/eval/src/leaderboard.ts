/** @file The order of a leaderboard. */
import type { LeaderboardRow } from '@plumbline/contracts';

type UnrankedRow = Omit<LeaderboardRow, 'rank'>;

/**
 * Ranks rows by mean image AUROC, then mean pixel AUROC (both highest first, undefined last), then by name and version.
 * Rows with equal numbers share a rank and the next rank is skipped (1, 1, 3). The input is left untouched.
 */
export function rankRows(rows: readonly UnrankedRow[]): LeaderboardRow[] {
  const sorted = [...rows].sort((a, b) => compareNumbers(a, b) || compareNames(a, b));
  const ranked: LeaderboardRow[] = [];
  for (const [index, row] of sorted.entries()) {
    const previous = ranked.at(-1);
    const isEqual = previous !== undefined && compareNumbers(previous, row) === 0;
    ranked.push({ ...row, rank: isEqual ? previous.rank : index + 1 });
  }
  return ranked;
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
