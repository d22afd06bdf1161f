/**
 * @file The thresholds of a run, from scores of normal images by fits without them, and what to know about them. Where such fits
 * are too dear, those that were learned from are scored too, for what stands out among them.
 */
import type {
  Preprocessing,
  ThresholdProfile,
  TrainingScore,
  TrainingScores,
} from '@plumbline/contracts';
import type { FittedMethod } from '@plumbline/model';
import type { BlobReader } from '../features/read-image.ts';
import { learnedImages, type TrainingSplit } from '../fit/hold-out.ts';
import type { RunReporter } from '../progress/run-reporter.ts';
import { oddImageWarnings } from '../training-warnings.ts';
import { fitThresholds, type NormalScore } from './fit-thresholds.ts';
import type { OpenedScorer } from './open-scorer.ts';
import { scoreFolds, scoreNormalImages } from './score-normal-images.ts';

export interface FitProfileOptions {
  readonly scorer: OpenedScorer;
  readonly fitted: FittedMethod;
  readonly split: TrainingSplit;
  readonly seed: number;
  readonly blobs: BlobReader;
  readonly preprocessing: Preprocessing;
  readonly reporter: RunReporter;
  readonly signal: AbortSignal;
}

export interface FittedProfile {
  readonly profile: ThresholdProfile;
  readonly scores: TrainingScores;
}

export async function fitProfile(options: FitProfileOptions): Promise<FittedProfile> {
  const { split, reporter } = options;
  const isFolded = split.folds !== null;
  const { scores, learned } = await scoresOf(options);
  const scoresFrom = isFolded ? 'crossFit' : 'heldOut';
  const profile = fitThresholds(scores, scoresFrom);
  const by = isFolded ? 'each by a fit without it' : 'which were held out of the fit';
  await reporter.log(
    `Thresholds come from the scores of ${scores.length} normal training images, ${by}.`,
  );
  for (const warning of oddImageWarnings(profile, scores)) await reporter.warn(warning);
  return {
    profile,
    scores: {
      ...{ formatVersion: 1, scoresFrom, images: scores.map(kept) },
      ...(learned.length === 0 ? {} : { learned: learned.map(kept) }),
    },
  };
}

function kept({ mapMaximum: _, ...score }: NormalScore): TrainingScore {
  return score;
}

interface ScoredNormal {
  /** By fits without them. */
  readonly scores: readonly NormalScore[];
  /** By the fit that learned from them. */
  readonly learned: readonly NormalScore[];
}

async function scoresOf(options: FitProfileOptions): Promise<ScoredNormal> {
  const { scorer, split, seed, fitted, blobs, preprocessing, reporter, signal } = options;
  const onProgress = (done: number, total: number) =>
    reporter.progress(done / total, `Scored ${done} of ${total} normal training images.`);
  if (split.folds === null) {
    const { heldOut } = split;
    const images = [...heldOut, ...learnedImages(split, seed)];
    const all = await scoreNormalImages({ scorer, blobs, images, signal, onProgress });
    return { scores: all.slice(0, heldOut.length), learned: all.slice(heldOut.length) };
  }
  const scores = await scoreFolds({
    ...{ split, fitted, preprocessing, onProgress },
    batchSize: scorer.batchSize,
    ignore: scorer.ignore,
    load: (graph) => scorer.executor.load(graph),
  });
  return { scores, learned: [] };
}
