/** @file The thresholds of a run, from scores of normal images by fits without them, and what to know about them. */
import type { GraphSession, ThresholdProfile } from '@plumbline/contracts';
import type { FittedMethod } from '@plumbline/model';
import { SMOOTHING_SIGMA, type TrainingContext } from '../training-context.ts';
import { oddImageWarnings } from '../training-warnings.ts';
import { fitThresholds, type NormalScore } from './fit-thresholds.ts';
import { scoreFolds, scoreHeldOut } from './score-normal-images.ts';

/** @param session The exported graph. */
export async function fitProfile(
  context: TrainingContext,
  session: GraphSession,
  fitted: FittedMethod,
): Promise<ThresholdProfile> {
  const { split, reporter, database, runId } = context;
  const isFolded = split.folds !== null;
  const scores = await scoresOf(context, session, fitted);
  const profile = fitThresholds(scores, isFolded ? 'crossFit' : 'heldOut');
  const by = isFolded
    ? `each by one of ${split.folds.count} fits without it`
    : 'which were held out of the fit';
  const text = `Thresholds come from the scores of ${scores.length} normal training images, ${by}.`;
  await database.runs.log(runId, 'info', text);
  for (const warning of oddImageWarnings(profile, scores)) await reporter.warn(warning);
  return profile;
}

function scoresOf(
  { serving, split, blobs, sizePx }: TrainingContext,
  session: GraphSession,
  fitted: FittedMethod,
): Promise<NormalScore[]> {
  if (split.folds === null) return scoreHeldOut(session, blobs, split.heldOut);
  return scoreFolds({
    split,
    fitted,
    imageSizePx: sizePx,
    smoothingSigma: SMOOTHING_SIGMA,
    load: (graph) => serving.load(graph),
  });
}
