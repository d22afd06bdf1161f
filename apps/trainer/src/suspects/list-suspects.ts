/** @file Which images of a search stand out, and where: their list, and a small map of each. */
import {
  type FoundSuspects,
  SEARCH_LISTED,
  SEARCH_LISTED_LEAST,
  type Suspect,
  type SuspectMap,
  type TrainingScore,
  toSuspects,
} from '@plumbline/contracts';
import type { NormalScore } from '../training/evaluate/fit-thresholds.ts';
import type { ScoreFoldsOptions } from '../training/evaluate/score-normal-images.ts';
import { foldMapsOf, suspectMaps } from './suspect-maps.ts';

interface ListedSuspects {
  readonly found: Omit<FoundSuspects, 'backbone' | 'images'>;
  /** In the order of the list. */
  readonly maps: SuspectMap[];
}

/** @param scores Of all images that have one. */
export async function listSuspects(
  scores: readonly NormalScore[],
  folds: ScoreFoldsOptions,
): Promise<ListedSuspects> {
  const images = scores.map(({ mapMaximum: _, ...score }): TrainingScore => score);
  const all = toSuspects({ formatVersion: 1, scoresFrom: 'crossFit', images }, images.length);
  const { beyondCut, tooFew, scored } = all;
  const listed = firstOf(all.suspects);
  return {
    found: { scored, tooFew, beyondCut, listed },
    maps: await suspectMaps({
      listed,
      scoresOf: () => scores,
      mapsOf: (isWanted) => foldMapsOf(folds, isWanted),
    }),
  };
}

/** Those beyond the cut, and the first of each category. @param ranked Those that stand out most first. */
export function firstOf(ranked: readonly Suspect[]): Suspect[] {
  const seen = new Map<string, number>();
  const wanted = ranked.filter(({ category, imageScore, robustCut }) => {
    const before = seen.get(category) ?? 0;
    seen.set(category, before + 1);
    return imageScore >= robustCut || before < SEARCH_LISTED_LEAST;
  });
  return wanted.slice(0, SEARCH_LISTED);
}
