/**
 * @file What each level counts for in the mean map. The release takes the plain mean, which suits levels that are
 * trained out; after a short training the finer level often still scores normal images high and noisily, and would
 * drown the other. Each level is therefore measured in its own normal, wholly or halfway: its mean score on held-out
 * normal images.
 */
import type { Executor } from '@plumbline/contracts';
import { HeldOutLoss } from '../../training/held-out-loss.ts';
import type { FeatureSource } from '../method.ts';
import type { RlrPreset } from './config.ts';
import { heldOutScores } from './held-out-scores.ts';
import type { FittedLevel } from './training-step.ts';

const BATCH = 8;

export type HeldOutWeights = Exclude<RlrPreset['levelWeights'], 'equal'>;

export interface LevelWeightOptions {
  readonly kind: HeldOutWeights;
  readonly executor: Executor;
  readonly levels: readonly FittedLevel[];
  /** Normal images; those of training where none are held out. */
  readonly images: FeatureSource;
}

/** @returns For each level a positive number, 1 on average. */
export async function heldOutLevelWeights(options: LevelWeightOptions): Promise<number[]> {
  const { kind, executor, levels, images } = options;
  if (levels.length === 1) return [1];
  const means: number[] = [];
  for (const [level, { weights, ...fitted }] of levels.entries()) {
    const scores = heldOutScores({ ...fitted, level, images, batchSize: BATCH });
    const loss = await HeldOutLoss.load(executor, scores);
    try {
      means.push(await loss.measure({ weights, buffers: {} }));
    } finally {
      await loss.release();
    }
  }
  return weightsFromMeans(means, kind);
}

/**
 * Inversely as the means (`heldOut`) or their square roots (`heldOutRoot`), scaled to 1 on average.
 * @param means Mean patch scores, at least 0.
 */
export function weightsFromMeans(means: readonly number[], kind: HeldOutWeights): number[] {
  // A level that reconstructs normal images to the last bit must not switch the others off.
  const least = Math.max(...means) * 1e-3;
  if (least === 0) return means.map(() => 1);
  const power = kind === 'heldOutRoot' ? 0.5 : 1;
  const inverse = means.map((mean) => Math.max(mean, least) ** -power);
  const average = inverse.reduce((sum, value) => sum + value, 0) / inverse.length;
  return inverse.map((value) => value / average);
}
