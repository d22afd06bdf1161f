/**
 * @file Distances in units of what is usual where they are measured to. Patches of a woven mesh differ from one normal image to
 * the next by more than those of a smooth case ever do, and count as much where all are in one unit. After the local scaling of
 * Zelnik-Manor and Perona ("Self-Tuning Spectral Clustering", NeurIPS 2004, section 2.1), of one side: a squared distance to a stored patch is
 * divided by (1 − λ)·u + λ·u(m), where u(m) is the squared distance of the patches around m from the nearest images but
 * their own, u its mean over the bank, and λ the setting `localScale`; times u, so that levels keep their weights.
 */
import { toHalves } from '@plumbline/contracts';
import type { HalfTable } from '../../trace/index.ts';
import { EXCLUDED } from './compare.ts';

/** Patches on each side that u(m) is the mean of. */
const AROUND = 1;
/**
 * u(m) counts as at most this many u. Of the normal patches of ten real and ten made-up categories, all but one in a hundred
 * are below 3; what is far above is of an image that is no normal one, whose defects should not pass for usual.
 */
const MOST_USUAL = 3;
/** Of the level's variance: images that are all alike to the last bit have no usual distance. */
const LEAST_SHARE = 1e-4;

export interface LevelScales {
  /** u, squared, as the features are. */
  readonly usual: number;
  /** `[M, 1, P]`: u / ((1 − λ)·u + λ·u(m)), at most 1 / (1 − λ), at least 1 / (1 + 2·λ). */
  readonly scales: HalfTable;
}

export interface ScaledLevel {
  /** Side of the grid. */
  readonly grid: number;
  /** λ, 0 to below 1. */
  readonly share: number;
  /** Of the level. */
  readonly variance: number;
  /** u of the images that were first; computed from these when absent. */
  readonly usual?: number | undefined;
}

/** @param distances f32 `[M, P]`, squared, of each stored patch from the nearest images but its own; `EXCLUDED` or more where there is none. */
export function localScales(
  distances: Float32Array,
  { grid, share, variance, usual: known }: ScaledLevel,
): LevelScales {
  const patches = grid ** 2;
  const usual = known ?? Math.max(meanOf(distances), LEAST_SHARE * variance);
  const weights = new Float32Array(distances.length);
  for (let start = 0; start < distances.length; start += patches) {
    const own = distances.subarray(start, start + patches);
    for (let p = 0; p < patches; p++) {
      const around = meanAround(own, grid, p);
      const local = Math.min(around ?? usual, MOST_USUAL * usual);
      weights[start + p] = usual / ((1 - share) * usual + share * local);
    }
  }
  const shape = [distances.length / patches, 1, patches];
  return { usual, scales: { shape, halves: toHalves(weights) } };
}

/** Over the patches that have one; 0 without any. */
function meanOf(distances: Float32Array): number {
  let [sum, count] = [0, 0];
  for (const value of distances) {
    if (!isMeasured(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** Null where the image has no other to be measured from. */
function meanAround(distances: Float32Array, grid: number, p: number): number | null {
  const [y, x] = [Math.floor(p / grid), p % grid];
  let [sum, count] = [0, 0];
  for (let row = Math.max(0, y - AROUND); row <= Math.min(grid - 1, y + AROUND); row++)
    for (let column = Math.max(0, x - AROUND); column <= Math.min(grid - 1, x + AROUND); column++) {
      const value = distances[row * grid + column] as number;
      if (!isMeasured(value)) return null;
      sum += value;
      count++;
    }
  return sum / count;
}

function isMeasured(distance: number): boolean {
  return distance < EXCLUDED / 2;
}
