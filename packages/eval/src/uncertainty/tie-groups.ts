/** @file Ranks with tie groups: models that can't be told apart share a rank. */
import { DomainError } from '@plumbline/contracts';
import {
  aurocDifference,
  commonSeedSpread,
  type MeanAuroc,
  meanAuroc,
  type PairedDifference,
  withLeastSeedSpread,
} from './auroc-difference.ts';
import { assertSameImages, compareText, type ImageScoreRow, imageStrata } from './image-strata.ts';
import { DEFAULT_CONFIDENCE, holm } from './summarize.ts';

/** A model to rank: its image results, once for each seed it was trained with. */
export interface TieGroupRow {
  /** Unique among the rows. */
  readonly id: string;
  readonly runs: readonly (readonly ImageScoreRow[])[];
}

export interface TieGroupOptions {
  /** Default 0.95: rows are told apart at a corrected p of at most 0.05. */
  readonly confidence?: number;
}

export interface TieGroupRank {
  readonly id: string;
  /** Rows of one group share it; the next group's rank skips them (1, 1, 3). */
  readonly rank: number;
  /** Mean image AUROC over categories and seeds; null where it is undefined. */
  readonly value: number | null;
  /** The best row of the group. */
  readonly leader: string;
  /** The leader minus this row; null for the leader itself and for undefined rows. */
  readonly behindLeader: PairedDifference | null;
  /** The difference's p, Holm-corrected over all comparisons with this leader. */
  readonly correctedP: number | null;
}

interface Candidate {
  readonly id: string;
  readonly auroc: MeanAuroc;
}

/**
 * Ranks rows by comparison with the best: the row of the highest mean image AUROC is compared with every other one over
 * the same test images, p-values Holm-corrected over these comparisons. Seeds, where rows have several, are a random effect: its
 * variance is a row's own, but at least a third of what the rows have in common, and all of that where a row has one seed.
 * Rows that are not significantly worse share its rank, whatever lies between; those left are ranked in the same way.
 * Rows without a defined value share the last rank.
 *
 * Two-sided p-values corrected for as many comparisons as there are other rows also make up for the best having been
 * picked from all of them, so that a row that truly is the best has rank 1 in at least 95 % of boards (`bench -- statistics`).
 * Sharing a rank is lack of evidence for a difference, not evidence of none. A row whose difference to the best is known
 * less well may rank above one with a higher mean.
 *
 * @returns in order of rank, then value, then id
 * @throws DomainError INVALID_INPUT naming the sample that some results lack
 */
export function tieGroups(
  rows: readonly TieGroupRow[],
  options: TieGroupOptions = {},
): TieGroupRank[] {
  const reference = rows[0]?.runs[0] ?? [];
  for (const row of rows) {
    if (row.runs.length === 0) {
      throw new DomainError('INVALID_INPUT', `Row ${row.id} has no results.`, {
        field: 'runs',
        fix: 'Give the image results of at least one run for each row.',
      });
    }
    for (const run of row.runs) assertSameImages(reference, run);
  }
  const { confidence = DEFAULT_CONFIDENCE } = options;
  const found: Candidate[] = [];
  const undefinedIds: string[] = [];
  for (const { id, runs } of rows) {
    const auroc = meanAuroc(runs.map((run) => imageStrata(run)));
    if (auroc === null) undefinedIds.push(id);
    else found.push({ id, auroc });
  }
  const spread = commonSeedSpread(found.map(({ auroc }) => auroc));
  const defined = found.map(({ id, auroc }) => ({ id, auroc: withLeastSeedSpread(auroc, spread) }));
  defined.sort((a, b) => meanOf(b) - meanOf(a) || compareText(a.id, b.id));
  const ranked: TieGroupRank[] = [];
  let rest: readonly Candidate[] = defined;
  while (rest.length > 0) {
    const group = nextGroup(rest, ranked.length + 1, confidence);
    const placed = new Set(group.map(({ id }) => id));
    ranked.push(...group);
    rest = rest.filter(({ id }) => !placed.has(id));
  }
  undefinedIds.sort(compareText);
  const rank = ranked.length + 1;
  for (const id of undefinedIds) {
    const leader = undefinedIds[0] ?? id;
    ranked.push({ id, rank, value: null, leader, behindLeader: null, correctedP: null });
  }
  return ranked;
}

/** The best of the remaining rows and all that are not told apart from it. */
function nextGroup(rest: readonly Candidate[], rank: number, confidence: number): TieGroupRank[] {
  const [leader, ...others] = rest;
  if (leader === undefined) return [];
  const differences = others.map((other) => aurocDifference(leader.auroc, other.auroc, confidence));
  const corrected = holm(differences.map(({ p }) => p));
  const common = { rank, leader: leader.id };
  return [
    { ...common, id: leader.id, value: meanOf(leader), behindLeader: null, correctedP: null },
    ...others.flatMap((other, index) => {
      const p = corrected[index] ?? 0;
      if (p <= 1 - confidence) return [];
      const behindLeader = differences[index] ?? null;
      return [{ ...common, id: other.id, value: meanOf(other), behindLeader, correctedP: p }];
    }),
  ];
}

function meanOf({ auroc }: Candidate): number {
  return auroc.estimate.value;
}
