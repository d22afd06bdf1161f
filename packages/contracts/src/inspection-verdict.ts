/**
 * @file What an image score means to a model version: whose thresholds decide, the label, and how often normal images score
 * as high. The one implementation for the API and for browsers that run a bundle themselves.
 */
import type { FoundCategory } from './categories/find-category.ts';
import { DomainError } from './errors.ts';
import type { BundleManifest } from './model-version.ts';
import { type Prediction, scoreRatio } from './prediction.ts';
import { type Threshold, type ThresholdProfile, thresholdOf } from './threshold-profile.ts';

export type ChosenCategory = Pick<
  Prediction,
  | 'category'
  | 'categorySource'
  | 'categoryConfidence'
  | 'categoryUncertain'
  | 'categoryCandidates'
  | 'unfamiliar'
>;

/** Those with test images or thresholds, in order of their names; one with a single normal image may have neither. */
export function knownCategories({
  categories,
  thresholds,
}: Pick<BundleManifest, 'categories' | 'thresholds'>): string[] {
  const names = new Set([...Object.keys(categories), ...Object.keys(thresholds.categories)]);
  return [...names].sort();
}

/** Without a vote: named, or the model's only one. @param category Null: the pooled thresholds were asked for. */
export function settledCategory(
  source: ChosenCategory['categorySource'],
  category: string | null,
): ChosenCategory {
  return {
    category,
    categorySource: source,
    categoryConfidence: null,
    categoryUncertain: false,
    categoryCandidates: [],
    unfamiliar: null,
  };
}

export function votedCategory(found: FoundCategory): ChosenCategory {
  const { category, confidence, uncertain, candidates, unfamiliar } = found;
  return {
    category,
    categorySource: 'found',
    categoryConfidence: confidence,
    categoryUncertain: uncertain,
    categoryCandidates: candidates,
    unfamiliar,
  };
}

/**
 * The category's own thresholds. One without (nothing was held out of it) uses the pooled ones, with no held-out scores,
 * so that the answer says so.
 */
export function decidingThreshold(profile: ThresholdProfile, category: string | null): Threshold {
  if (category === null) return profile.pooled;
  const own = thresholdOf(profile, category);
  return own === profile.pooled ? { ...own, heldOutScores: [] } : own;
}

/** The score against its threshold. */
export function judgeScore(
  imageScore: number,
  { imageThreshold, uncertainThreshold }: Threshold,
): Pick<
  Prediction,
  'imageScore' | 'threshold' | 'scoreRatio' | 'uncertainThreshold' | 'predictedLabel' | 'uncertain'
> {
  const isAnomalous = imageScore >= imageThreshold;
  return {
    imageScore,
    threshold: imageThreshold,
    scoreRatio: scoreRatio(imageScore, imageThreshold),
    uncertainThreshold: uncertainThreshold ?? null,
    predictedLabel: isAnomalous ? 'anomalous' : 'normal',
    uncertain: !isAnomalous && uncertainThreshold !== undefined && imageScore >= uncertainThreshold,
  };
}

/**
 * Share of held-out normal images that score at least as high: what a person can read.
 * @throws DomainError INVALID_INPUT for a score that is not finite
 */
export function falseAlarms(
  { heldOutScores }: Pick<Threshold, 'heldOutScores'>,
  imageScore: number,
): Pick<Prediction, 'falseAlarmRate' | 'heldOutImages'> {
  if (!Number.isFinite(imageScore)) {
    throw new DomainError(
      'INVALID_INPUT',
      `The image score is ${imageScore}, not a finite number.`,
      {
        field: 'score',
        fix: 'Check that the model gave the image a finite score.',
      },
    );
  }
  const heldOutImages = heldOutScores.length;
  const atLeast = heldOutScores.filter((heldOut) => heldOut >= imageScore).length;
  return { falseAlarmRate: heldOutImages === 0 ? null : atLeast / heldOutImages, heldOutImages };
}
