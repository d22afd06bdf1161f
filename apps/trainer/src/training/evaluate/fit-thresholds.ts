/** @file The threshold profile of a model version, from scores of normal training images by fits without them alone. */
import type { NormalScores, ThresholdProfile, TrainingScore } from '@plumbline/contracts';
import { fitCuts, toProfile } from '@plumbline/eval';

/** What a fit without it gives a normal training image. */
export interface NormalScore extends TrainingScore {
  /** Largest value of the anomaly map. */
  readonly mapMaximum: number;
}

export function fitThresholds(
  scores: readonly NormalScore[],
  scoresFrom: NormalScores,
): ThresholdProfile {
  const imageScores = byCategory(scores, (score) => score.imageScore);
  const pixels = fitCuts(Object.fromEntries(byCategory(scores, (score) => score.mapMaximum)));
  const pixelThreshold = (category: string | null) => {
    const own =
      category !== null && Object.hasOwn(pixels.categories, category)
        ? pixels.categories[category]
        : undefined;
    return (own ?? pixels.pooled).threshold;
  };
  const cuts = fitCuts(Object.fromEntries(imageScores), { scoresFrom });
  return toProfile(cuts, { scoresFrom }, (category) => ({
    pixelThreshold: pixelThreshold(category),
    heldOutScores: (category === null
      ? [...imageScores.values()].flat()
      : [...(imageScores.get(category) ?? [])]
    ).sort((a, b) => a - b),
  }));
}

/** Categories in order of name. */
function byCategory(
  scores: readonly NormalScore[],
  pick: (score: NormalScore) => number,
): Map<string, number[]> {
  const names = [...new Set(scores.map(({ category }) => category))].sort();
  const groups = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const score of scores) groups.get(score.category)?.push(pick(score));
  return groups;
}
