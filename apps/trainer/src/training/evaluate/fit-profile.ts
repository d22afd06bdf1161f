/**
 * @file The thresholds of a run, from scores of normal images by fits without them, and what to know about them. Where such fits
 * are too dear, those that were learned from are scored too, for what stands out among them.
 */
import {
  type Preprocessing,
  type Sample,
  type SuspectMap,
  type ThresholdProfile,
  type TrainingScore,
  type TrainingScores,
  toSuspects,
} from '@plumbline/contracts';
import type { FittedMethod } from '@plumbline/model';
import { foldMapsOf, suspectMaps } from '../../suspects/suspect-maps.ts';
import { byShape } from '../features/image-batches.ts';
import type { BlobReader } from '../features/read-image.ts';
import { learnedImages, type TrainingSplit } from '../fit/hold-out.ts';
import type { RunReporter } from '../progress/run-reporter.ts';
import { oddImageWarnings } from '../training-warnings.ts';
import { fitThresholds, type NormalScore } from './fit-thresholds.ts';
import type { OpenedScorer } from './open-scorer.ts';
import { type ScoredSample, scoreImages } from './score-images.ts';
import { type ScoreFoldsOptions, scoreFolds, scoreNormalImages } from './score-normal-images.ts';

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
  /** Where those that stand out differ, in their order. */
  readonly suspectMaps: readonly SuspectMap[];
}

export async function fitProfile(options: FitProfileOptions): Promise<FittedProfile> {
  const { split, reporter } = options;
  const isFolded = split.folds !== null;
  const { scores, suspected, learned } = await scoresOf(options);
  const scoresFrom = isFolded ? 'crossFit' : 'heldOut';
  const profile = fitThresholds(scores, scoresFrom);
  const by = isFolded ? 'each by a fit without it' : 'which were held out of the fit';
  await reporter.log(
    `Thresholds come from the scores of ${scores.length} normal training images, ${by}.`,
  );
  for (const warning of oddImageWarnings(profile, scores)) await reporter.warn(warning);
  const all: TrainingScores = {
    ...{ formatVersion: 1, scoresFrom, images: suspected.map(kept) },
    ...(learned.length === 0 ? {} : { learned: learned.map(kept) }),
  };
  const maps = await suspectMaps({
    listed: toSuspects(all).suspects,
    scoresOf: ({ isLearned }) => (isLearned ? learned : suspected),
    mapsOf: (isWanted) => mapsOf(options, isWanted),
  });
  return { profile, scores: all, suspectMaps: maps };
}

/** By the fits that scored them. */
function mapsOf(
  options: FitProfileOptions,
  isWanted: (sample: Sample) => boolean,
): AsyncIterable<ScoredSample> {
  const { scorer, split, blobs, signal } = options;
  if (split.folds !== null)
    return foldMapsOf(foldsOf(options, asSuspects(options.fitted)), isWanted);
  const wanted = [...split.heldOut, ...split.fit].filter(isWanted);
  return scoreImages({ scorer, blobs, samples: byShape(wanted), signal });
}

function foldsOf(
  { split, preprocessing, scorer }: FitProfileOptions,
  fitted: FittedMethod,
): ScoreFoldsOptions {
  return {
    ...{ split, fitted, preprocessing, batchSize: scorer.batchSize, ignore: scorer.ignore },
    load: (graph) => scorer.executor.load(graph),
  };
}

/** The fit as it tells apart what does not belong. */
function asSuspects(fitted: FittedMethod): FittedMethod {
  const { suspectScores: foldScores, map } = fitted;
  if (foldScores === undefined) return fitted;
  const { imageScore: _, ...byMaximum } = map;
  return { ...fitted, foldScores, map: byMaximum };
}

function kept({ mapMaximum: _, ...score }: NormalScore): TrainingScore {
  return score;
}

interface ScoredNormal {
  /** By fits without them. */
  readonly scores: readonly NormalScore[];
  /** The same, or made to tell apart those that do not belong. */
  readonly suspected: readonly NormalScore[];
  /** By the fit that learned from them. */
  readonly learned: readonly NormalScore[];
}

async function scoresOf(options: FitProfileOptions): Promise<ScoredNormal> {
  const { scorer, split, seed, blobs, reporter, signal } = options;
  const onProgress = (done: number, total: number) =>
    reporter.progress(done / total, `Scored ${done} of ${total} normal training images.`);
  if (split.folds === null) {
    const { heldOut } = split;
    const images = [...heldOut, ...learnedImages(split, seed)];
    const all = await scoreNormalImages({ scorer, blobs, images, signal, onProgress });
    const scores = all.slice(0, heldOut.length);
    return { scores, suspected: scores, learned: all.slice(heldOut.length) };
  }
  const ofFolds = (fitted: FittedMethod) => scoreFolds({ ...foldsOf(options, fitted), onProgress });
  const scores = await ofFolds(options.fitted);
  const fitted = asSuspects(options.fitted);
  const suspected = fitted === options.fitted ? scores : await ofFolds(fitted);
  return { scores, suspected, learned: [] };
}
