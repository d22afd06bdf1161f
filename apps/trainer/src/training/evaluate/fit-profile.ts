/** @file The thresholds of a run, from scores of normal images by fits without them, and what to know about them. */
import type { Preprocessing, ThresholdProfile, TrainingScores } from '@plumbline/contracts';
import type { FittedMethod } from '@plumbline/model';
import type { BlobReader } from '../features/read-image.ts';
import type { TrainingSplit } from '../fit/hold-out.ts';
import type { RunReporter } from '../progress/run-reporter.ts';
import { oddImageWarnings } from '../training-warnings.ts';
import { fitThresholds, type NormalScore } from './fit-thresholds.ts';
import type { OpenedScorer } from './open-scorer.ts';
import { scoreFolds, scoreHeldOut } from './score-normal-images.ts';

export interface FitProfileOptions {
  readonly scorer: OpenedScorer;
  readonly fitted: FittedMethod;
  readonly split: TrainingSplit;
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
  const scores = await scoresOf(options);
  const scoresFrom = isFolded ? 'crossFit' : 'heldOut';
  const profile = fitThresholds(scores, scoresFrom);
  const by = isFolded ? 'each by a fit without it' : 'which were held out of the fit';
  await reporter.log(
    `Thresholds come from the scores of ${scores.length} normal training images, ${by}.`,
  );
  for (const warning of oddImageWarnings(profile, scores)) await reporter.warn(warning);
  const images = scores.map(({ mapMaximum: _, ...score }) => score);
  return { profile, scores: { formatVersion: 1, scoresFrom, images } };
}

function scoresOf(options: FitProfileOptions): Promise<NormalScore[]> {
  const { scorer, split, fitted, blobs, preprocessing, reporter, signal } = options;
  const onProgress = (done: number, total: number) =>
    reporter.progress(done / total, `Scored ${done} of ${total} normal images for the thresholds.`);
  if (split.folds === null)
    return scoreHeldOut({ scorer, blobs, heldOut: split.heldOut, signal, onProgress });
  return scoreFolds({
    ...{ split, fitted, preprocessing, onProgress },
    batchSize: scorer.batchSize,
    load: (graph) => scorer.executor.load(graph),
  });
}
