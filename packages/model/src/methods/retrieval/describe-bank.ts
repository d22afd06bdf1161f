/** @file What comes of a bank: its graph, the scores of images without themselves, what can be added to, and words. */
import {
  RETRIEVAL_PART,
  type RetrievalPreset,
  readOnce,
  retrievalImageBytes,
} from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import type { FitOptions, FittedMethod, MapRule } from '../method.ts';
import { foldScores, type LeaveOneOut } from './leave-one-out.ts';
import type { RetrievalPlan } from './plan.ts';
import { type PatchBank, scoresProgram } from './score.ts';
import { writeState } from './state.ts';
import type { Survey } from './survey.ts';

export interface FinishedBank {
  readonly preset: RetrievalPreset;
  readonly bank: PatchBank;
  /** Of each level; null without local scales. */
  readonly usual: readonly number[] | null;
  readonly survey: Pick<Survey, 'moments' | 'projections'>;
  readonly measured: LeaveOneOut;
  /** By fewer images each; null where `measured` is. */
  readonly suspected: LeaveOneOut | null;
  /** Images that there were. */
  readonly seen: number;
}

export function describeBank(
  { levels, folds }: Pick<FitOptions, 'levels' | 'folds'>,
  plan: RetrievalPlan,
  { preset, bank, usual, survey, measured, suspected, seen }: FinishedBank,
): FittedMethod {
  const { moments, projections } = survey;
  const factors = moments.map((moment) => moment.factor(plan.distance));
  const bytes = bank.images * retrievalImageBytes(preset, levels);
  const compared = Math.min(preset.images, bank.images);
  const what = wordsOf(preset);
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(plan, bank, factors)),
    map: {
      ...{ grids: plan.levels.map(({ grid }) => grid), alignCorners: false, smoothed: true },
      ...imageScoreOf(preset),
    },
    ...(folds === undefined
      ? {}
      : {
          foldScores: foldScores(measured, factors, folds),
          suspectScores: foldScores(suspected ?? measured, factors, folds),
        }),
    // Of a bank that had no room for all, others would be kept if there were more.
    ...(bank.images < seen ? {} : { state: writeState({ moments, projections, measured, usual }) }),
    coverage: [readOnce(RETRIEVAL_PART, seen)],
    config: {
      preset: { ...preset },
      levels: plan.levels.map((level, index) => ({ tap: levels[index]?.tap, ...level })),
      images: { seen, kept: bank.images, compared },
      score: `mean over levels of the ${what} to the nearest patch of the ${compared} most similar images`,
      imageScore:
        preset.topShare === 0
          ? 'maximum of the smoothed map'
          : `mean of the largest ${100 * preset.topShare} % of the smoothed map, of a tile's where there are tiles`,
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Kept ${bank.images} of ${seen} images, ${Math.max(1, Math.round(bytes / 1e6))} MB in the model file; ` +
        `an image is compared with the ${compared} most similar of them.`,
    ],
  };
}

/** A map that was smoothed with σ 4 px has no more to say than every fourth pixel. */
const EVERY = 4;

/** The count is that of one tile: how many there are should not make a small defect in one of them count for less. */
function imageScoreOf({ topShare, imageSizePx }: RetrievalPreset): Pick<MapRule, 'imageScore'> {
  if (topShare === 0) return {};
  const count = Math.max(1, Math.round(topShare * (imageSizePx / EVERY) ** 2));
  return { imageScore: { kind: 'largest', count, every: EVERY } };
}

function wordsOf({ distance, localScale }: RetrievalPreset): string {
  const what =
    distance === 'cosine'
      ? '1 − cosine'
      : 'squared distance, in units of the variance of the level,';
  if (localScale === 0) return what;
  return `${what} by local scale (${localScale})`;
}
