/** @file What the bundle of a run keeps of its normal training images. */
import { readFileSync } from 'node:fs';
import {
  fromStoredMap,
  type Run,
  SUSPECT_MAPS_FILE,
  type SuspectMap,
  suspectMapsFileSchema,
  TRAINING_SCORES_FILE,
  type TrainingScores,
  trainingScoresSchema,
} from '@plumbline/contracts';
import type { TestTraining } from './test-training.ts';

type Bundles = Pick<TestTraining, 'bundleFile'>;

export function trainingScoresOf(training: Bundles, run: Run): TrainingScores {
  const text = readFileSync(training.bundleFile(run, TRAINING_SCORES_FILE), 'utf8');
  return trainingScoresSchema.parse(JSON.parse(text));
}

export function suspectMapsOf(training: Bundles, run: Run): SuspectMap[] {
  const text = readFileSync(training.bundleFile(run, SUSPECT_MAPS_FILE), 'utf8');
  return suspectMapsFileSchema.parse(JSON.parse(text)).maps.map(fromStoredMap);
}

/** Mean of a map within a circle over that outside of it. @param circle In shares of the sides */
export function contrastOf(
  { values }: SuspectMap,
  circle: { readonly x: number; readonly y: number; readonly radius: number },
): number {
  const side = Math.sqrt(values.length);
  const sums = [0, 0];
  const counts = [0, 0];
  for (const [at, value] of values.entries()) {
    const [x, y] = [((at % side) + 0.5) / side, (Math.floor(at / side) + 0.5) / side];
    const part = Math.hypot(x - circle.x, y - circle.y) < circle.radius ? 0 : 1;
    sums[part] = (sums[part] ?? 0) + value;
    counts[part] = (counts[part] ?? 0) + 1;
  }
  const [inside = 0, outside = 0] = sums.map((sum, part) => sum / (counts[part] ?? 1));
  return inside / outside;
}
