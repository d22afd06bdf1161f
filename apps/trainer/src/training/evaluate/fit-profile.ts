/** @file The thresholds of a run, from scores of normal images by fits without them, and what to know about them. */
import type { Executor, GraphSession, ThresholdProfile } from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import type { FittedMethod } from '@plumbline/model';
import type { TrainingSplit } from '../fit/hold-out.ts';
import type { RunReporter } from '../progress/run-reporter.ts';
import { oddImageWarnings } from '../training-warnings.ts';
import { fitThresholds, type NormalScore } from './fit-thresholds.ts';
import { scoreFolds, scoreHeldOut } from './score-normal-images.ts';

export interface FitProfileOptions {
  /** Of the exported graph. */
  readonly session: GraphSession;
  readonly fitted: FittedMethod;
  readonly split: TrainingSplit;
  readonly blobs: BlobStore;
  readonly sizePx: number;
  readonly serving: Executor;
  readonly reporter: RunReporter;
}

export async function fitProfile(options: FitProfileOptions): Promise<ThresholdProfile> {
  const { split, reporter } = options;
  const isFolded = split.folds !== null;
  const scores = await scoresOf(options);
  const profile = fitThresholds(scores, isFolded ? 'crossFit' : 'heldOut');
  const by = isFolded ? 'each by a fit without it' : 'which were held out of the fit';
  await reporter.log(
    `Thresholds come from the scores of ${scores.length} normal training images, ${by}.`,
  );
  for (const warning of oddImageWarnings(profile, scores)) await reporter.warn(warning);
  return profile;
}

function scoresOf(options: FitProfileOptions): Promise<NormalScore[]> {
  const { session, split, fitted, blobs, sizePx, serving } = options;
  if (split.folds === null) return scoreHeldOut(session, blobs, split.heldOut);
  return scoreFolds({
    split,
    fitted,
    imageSizePx: sizePx,
    load: (graph) => serving.load(graph),
  });
}
