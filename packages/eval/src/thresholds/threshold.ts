/** @file One threshold from scores of held-out normal images only, never from the test split. */
import { DomainError } from '@plumbline/contracts';
import { studentTUpperQuantile } from './student-t.ts';

export const DEFAULT_FALSE_ALARM_TARGET = 0.01;

/**
 * Threshold that a further normal image reaches with a chance of about `falseAlarmTarget`: the one-sided normal-theory
 * prediction bound for one future observation,
 *
 *     mean + t(n − 1, 1 − target) · sd · √(1 + 1/n),   sd with n − 1
 *
 * (Hahn & Meeker, "Statistical Intervals", Wiley 1991). A held-out score may lie above it: one odd image among many must
 * not decide alone. With n = 1 no spread can be estimated, and it is the first float32 above the score. The bound assumes
 * scores that are roughly normally distributed.
 *
 * @param heldOutNormalScores image scores of normal images that no training step saw, any scale, at least one
 * @param falseAlarmTarget    in (0, 1)
 * @returns on the scores' scale; a score `>=` it is anomalous
 * @throws DomainError INVALID_INPUT without scores, or with one that is not finite
 */
export function fitThreshold(
  heldOutNormalScores: readonly number[],
  falseAlarmTarget = DEFAULT_FALSE_ALARM_TARGET,
): number {
  assertHeldOutScores(heldOutNormalScores);
  assertTarget(falseAlarmTarget, 'falseAlarmTarget');
  const bound = predictionBound(heldOutNormalScores, falseAlarmTarget);
  return bound === Number.NEGATIVE_INFINITY ? aboveHighest(heldOutNormalScores) : bound;
}

/** Above the mean, even of equal scores; −∞ with one score, which has no spread. */
export function predictionBound(scores: readonly number[], target: number): number {
  const { n, mean, variance } = momentsOf(scores);
  if (n === 1) return Number.NEGATIVE_INFINITY;
  const quantile = studentTUpperQuantile(target, n - 1);
  return Math.max(mean + quantile * Math.sqrt(variance * (1 + 1 / n)), nextFloat32(mean));
}

/** Number, mean and sample variance (n − 1; 0 with one score). */
export function momentsOf(scores: readonly number[]) {
  const n = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { n, mean, variance: n === 1 ? 0 : squares / (n - 1) };
}

/** The lowest threshold that none of the scores reaches. */
export function aboveHighest(scores: readonly number[]): number {
  return nextFloat32(scores.reduce((high, score) => Math.max(high, score)));
}

/** Throws INVALID_INPUT unless the target is a share. */
export function assertTarget(target: number, field: string): void {
  if (target > 0 && target < 1) return;
  throw new DomainError('INVALID_INPUT', `The false-alarm target is ${target}.`, {
    field,
    fix: 'Use a share between 0 and 1, such as 0.01.',
  });
}

/** Throws INVALID_INPUT without scores, or with one that no float32 can hold. */
export function assertHeldOutScores(scores: readonly number[], whose = ''): void {
  if (scores.length === 0) {
    throw new DomainError('INVALID_INPUT', `There are no held-out normal scores${whose}.`, {
      field: 'heldOutScores',
      fix: 'Hold out at least one normal training image of each category.',
    });
  }
  // Scores are float32 in every model, so one beyond that range is as unusable as NaN.
  const index = scores.findIndex((score) => !Number.isFinite(Math.fround(score)));
  if (index < 0) return;
  throw new DomainError(
    'INVALID_INPUT',
    `Held-out score ${index}${whose} is ${scores[index]}, not a finite number.`,
    {
      field: 'heldOutScores',
      fix: 'Check that the model gives every normal image a finite score.',
    },
  );
}

/** The smallest float32 above `value`: float32, so that storing the threshold as one cannot lower it. */
export function nextFloat32(value: number): number {
  const single = new Float32Array([value]);
  if (single[0]! > value) return single[0]!;
  const bits = new Int32Array(single.buffer);
  if (single[0] === 0) bits[0] = 1;
  else bits[0]! += single[0]! > 0 ? 1 : -1;
  return single[0]!;
}
