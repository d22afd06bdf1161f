/**
 * @file Scores of normal training images, by fits without them where there are such, and which of them stand out: rare ones,
 * or no normal images at all.
 */
import { z } from 'zod';
import { sha256Schema } from './names.ts';
import { normalScoresSchema } from './threshold-profile.ts';

/** In the bundle of a version that was trained here. */
export const TRAINING_SCORES_FILE = 'training-scores.json';

export const trainingScoreSchema = z.object({
  path: z.string(),
  category: z.string(),
  sha256: sha256Schema,
  imageScore: z.number(),
});
export type TrainingScore = z.infer<typeof trainingScoreSchema>;

export const trainingScoresSchema = z.object({
  formatVersion: z.literal(1),
  scoresFrom: normalScoresSchema,
  /** By fits without them, in the order of the dataset. Where images are held out, these alone. */
  images: z.array(trainingScoreSchema),
  /**
   * By the fit that learned from them, where one fit without each would be too dear: no threshold rests on these. Absent
   * where there are none, and in bundles of before.
   */
  learned: z.array(trainingScoreSchema).optional(),
});
export type TrainingScores = z.infer<typeof trainingScoresSchema>;

export const suspectSchema = trainingScoreSchema.extend({
  /** Median of its category + 3.5 robust standard deviations: what no other image of it should reach. */
  robustCut: z.number(),
  /** Robust standard deviations above the median of its category: comparable between categories. */
  deviations: z.number(),
  /** Whether the fit that scored it had learned from it. */
  isLearned: z.boolean(),
});
export type Suspect = z.infer<typeof suspectSchema>;

export const suspectsSchema = z.object({
  /** Null for a version of before its scores were kept. */
  scoresFrom: normalScoresSchema.nullable(),
  /** Images with a score by a fit without them. */
  scored: z.number().int(),
  /** Images with a score by the fit that learned from them. */
  learned: z.number().int(),
  /** Categories with too few scores to show what is usual: nothing is said of their images. */
  tooFew: z.array(z.string()),
  /** At or above the robust cut of their category. */
  beyondCut: z.number().int(),
  /** Those that stand out most first. */
  suspects: z.array(suspectSchema),
});
export type Suspects = z.infer<typeof suspectsSchema>;

/** Shown in short lists, at most. */
export const SUSPECTS_LISTED = 12;
/** Fewer scores show nothing of what is usual. */
const FEWEST = 5;
/** Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993. */
const CUT_DEVIATIONS = 3.5;
/** Of a normal distribution, the standard deviation in units of the median and of the mean absolute deviation. */
const BY_MEDIAN = 1.4826;
const BY_MEAN = 1.2533;

/**
 * Images by how far they are above the median of their category, in robust standard deviations (Iglewicz and Hoaglin's
 * modified z-score): the odd ones themselves hardly move what they are measured by. Those that were learned from are
 * measured by each other, since their scores are lower. Of fewer than five in a category nothing is said.
 */
export function findSuspects(scores: Pick<TrainingScores, 'images' | 'learned'>): Suspect[] {
  return groupsOf(scores)
    .filter(({ images }) => images.length >= FEWEST)
    .flatMap(rankWithin)
    .sort((a, b) => b.deviations - a.deviations || (a.path < b.path ? -1 : 1));
}

/** Of one category, scored alike. */
interface ScoreGroup {
  readonly category: string;
  readonly isLearned: boolean;
  readonly images: readonly TrainingScore[];
}

function groupsOf({
  images,
  learned = [],
}: Pick<TrainingScores, 'images' | 'learned'>): ScoreGroup[] {
  return [images, learned].flatMap((scores, index) => {
    const names = [...new Set(scores.map(({ category }) => category))];
    return names.map((category) => ({
      ...{ category, isLearned: index === 1 },
      images: scores.filter((image) => image.category === category),
    }));
  });
}

/** What is usual of values, hardly moved by odd ones. Null where all are the same: nothing stands out. */
export function robustSpread(
  values: readonly number[],
): { readonly middle: number; readonly deviation: number; readonly cut: number } | null {
  const middle = medianOf(values);
  const away = values.map((value) => Math.abs(value - middle));
  const mean = away.reduce((sum, value) => sum + value, 0) / away.length;
  const deviation = BY_MEDIAN * medianOf(away) || BY_MEAN * mean;
  return deviation === 0 ? null : { middle, deviation, cut: middle + CUT_DEVIATIONS * deviation };
}

function rankWithin({ images, isLearned }: ScoreGroup): Suspect[] {
  const spread = robustSpread(images.map(({ imageScore }) => imageScore));
  if (spread === null) return [];
  const { middle, deviation, cut } = spread;
  return images.map((image) => ({
    ...image,
    robustCut: cut,
    deviations: (image.imageScore - middle) / deviation,
    isLearned,
  }));
}

/** All suspects, or the first of them; those at or above their cut alone where `listed` is left out. */
export function toSuspects(scores: TrainingScores | null, listed?: number): Suspects {
  const found = scores === null ? [] : findSuspects(scores);
  const beyond = found.filter(({ imageScore, robustCut }) => imageScore >= robustCut);
  return {
    scoresFrom: scores?.scoresFrom ?? null,
    scored: scores?.images.length ?? 0,
    learned: scores?.learned?.length ?? 0,
    tooFew: scores === null ? [] : categoriesOfFew(scores),
    beyondCut: beyond.length,
    suspects: listed === undefined ? beyond.slice(0, SUSPECTS_LISTED) : found.slice(0, listed),
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Those of which not one group has enough scores, by name. */
function categoriesOfFew(scores: TrainingScores): string[] {
  const groups = groupsOf(scores);
  const enough = new Set(
    groups.filter(({ images }) => images.length >= FEWEST).map(({ category }) => category),
  );
  const names = new Set(groups.map(({ category }) => category));
  return [...names].filter((name) => !enough.has(name)).sort();
}

/** In sentences: how many stand out of how many that were looked at, how, and of which nothing can be said. */
export function suspectsWords(found: Suspects): string {
  const { scoresFrom, scored, learned, beyondCut, tooFew } = found;
  if (scoresFrom === null) return 'This version is of before scores of training images were kept.';
  const how =
    scoresFrom === 'crossFit'
      ? `${scored} normal training images were scored, each by a fit without it`
      : `Of the normal training images ${scored} were held out and scored by the fit without them${learned === 0 ? '; the others were not scored' : `, and ${learned} by the fit that learned from them, which may have learned their defects too`}`;
  const count =
    beyondCut === 0
      ? 'none stands out'
      : `${beyondCut} ${beyondCut === 1 ? 'stands' : 'stand'} out, at or above the median of ${beyondCut === 1 ? 'its' : 'their'} category + 3.5 robust standard deviations`;
  return [
    `${how}: ${count}.`,
    ...(beyondCut === 0
      ? []
      : [
          'Check whether they are normal: what does not belong there raises the thresholds, and is taken for normal later.',
        ]),
    ...(scoresFrom === 'heldOut'
      ? ['Retrieval, PatchCore and PaDiM score every image by a fit without it.']
      : []),
    ...(tooFew.length === 0
      ? []
      : [`Fewer than ${FEWEST} scores, too few to tell: ${tooFew.join(', ')}.`]),
  ].join(' ');
}
