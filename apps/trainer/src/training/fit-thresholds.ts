/** @file The threshold profile of a model version, from held-out normal training images alone. */
import type { GraphSession, Sample, Threshold, ThresholdProfile } from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import { fitThreshold, thresholdRule } from '@plumbline/eval';
import { scoreImage } from './score-images.ts';

const FALSE_ALARM_TARGET = 0.01;

interface HeldOutScore {
  readonly category: string;
  readonly imageScore: number;
  /** Largest value of the anomaly map. */
  readonly mapMaximum: number;
}

export async function fitThresholds(
  session: GraphSession,
  blobs: BlobStore,
  heldOut: readonly Sample[],
): Promise<ThresholdProfile> {
  const scores: HeldOutScore[] = [];
  for (const sample of heldOut) {
    const { imageScore, anomalyMap } = await scoreImage(session, blobs, sample);
    const mapMaximum = anomalyMap.reduce(
      (largest, value) => Math.max(largest, value),
      Number.NEGATIVE_INFINITY,
    );
    scores.push({ category: sample.category, imageScore, mapMaximum });
  }
  const categories = [...new Set(scores.map((score) => score.category))].sort();
  return {
    rule: thresholdRule(FALSE_ALARM_TARGET),
    falseAlarmTarget: FALSE_ALARM_TARGET,
    pooled: toThreshold(scores),
    categories: Object.fromEntries(
      categories.map((name) => [
        name,
        toThreshold(scores.filter((score) => score.category === name)),
      ]),
    ),
  };
}

function toThreshold(scores: readonly HeldOutScore[]): Threshold {
  const imageScores = scores.map((score) => score.imageScore).sort((a, b) => a - b);
  return {
    imageThreshold: fitThreshold(imageScores, FALSE_ALARM_TARGET),
    pixelThreshold: fitThreshold(
      scores.map((score) => score.mapMaximum),
      FALSE_ALARM_TARGET,
    ),
    heldOutScores: imageScores,
  };
}
