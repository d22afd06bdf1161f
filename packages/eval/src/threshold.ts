/** @file The threshold rule: from scores of held-out normal images only, never from the test split. */
import { DomainError } from '@plumbline/contracts';
import { studentTUpperQuantile } from './student-t.ts';

/** The rule in words, for a `ThresholdProfile`. */
export function thresholdRule(falseAlarmTarget = 0.01): string {
  return (
    `Upper Student-t prediction bound for one further normal image at a false-alarm target of ` +
    `${falseAlarmTarget}, mean + t(n - 1, ${1 - falseAlarmTarget}) * sd * sqrt(1 + 1/n), ` +
    `always above the highest held-out normal score; with one held-out image, just above its score.`
  );
}

/**
 * Threshold that a further normal image reaches with a chance of about `falseAlarmTarget`: the one-sided normal-theory
 * prediction bound for one future observation,
 *
 *     mean + t(n − 1, 1 − target) · sd · √(1 + 1/n),   sd with n − 1
 *
 * (Hahn & Meeker, "Statistical Intervals", Wiley 1991), but never below the first float32 above the highest held-out
 * score. Since `>=` is anomalous, no held-out image is then an alarm itself. With n = 1 no spread can be estimated and
 * only that lower limit is left. The bound assumes scores that are roughly normally distributed.
 *
 * @param heldOutNormalScores image scores of normal images that no training step saw, any scale, at least one
 * @param falseAlarmTarget    in (0, 1)
 * @returns on the scores' scale; a score `>=` it is anomalous
 * @throws DomainError INVALID_INPUT without scores, or with one that is not finite
 */
export function fitThreshold(
  heldOutNormalScores: readonly number[],
  falseAlarmTarget = 0.01,
): number {
  assertScores(heldOutNormalScores);
  if (!(falseAlarmTarget > 0 && falseAlarmTarget < 1)) {
    throw new DomainError('INVALID_INPUT', `The false-alarm target is ${falseAlarmTarget}.`, {
      field: 'falseAlarmTarget',
      fix: 'Use a share between 0 and 1, such as 0.01.',
    });
  }
  const n = heldOutNormalScores.length;
  const lowest = nextFloat32(heldOutNormalScores.reduce((high, score) => Math.max(high, score)));
  if (n === 1) return lowest;
  const mean = heldOutNormalScores.reduce((sum, score) => sum + score, 0) / n;
  const squares = heldOutNormalScores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const sd = Math.sqrt(squares / (n - 1));
  const bound = mean + studentTUpperQuantile(falseAlarmTarget, n - 1) * sd * Math.sqrt(1 + 1 / n);
  return Math.max(lowest, bound);
}

/**
 * Share of held-out normal images that score at least as high as `score`: what a person can read.
 *
 * @param heldOutScores image scores of held-out normal images, any order, at least one
 * @returns in [0, 1]
 * @throws DomainError INVALID_INPUT without scores, or if one or `score` is not finite
 */
export function falseAlarmRate(heldOutScores: readonly number[], score: number): number {
  assertScores(heldOutScores);
  if (!Number.isFinite(score)) {
    throw new DomainError('INVALID_INPUT', `The image score is ${score}, not a finite number.`, {
      field: 'score',
      fix: 'Check that the model gave the image a finite score.',
    });
  }
  let atLeast = 0;
  for (const heldOut of heldOutScores) if (heldOut >= score) atLeast += 1;
  return atLeast / heldOutScores.length;
}

function assertScores(scores: readonly number[]): void {
  if (scores.length === 0) {
    throw new DomainError('INVALID_INPUT', 'There are no held-out normal scores.', {
      field: 'heldOutScores',
      fix: 'Hold out at least one normal training image of each category.',
    });
  }
  // Scores are float32 in every model, so one beyond that range is as unusable as NaN.
  const index = scores.findIndex((score) => !Number.isFinite(Math.fround(score)));
  if (index < 0) return;
  throw new DomainError(
    'INVALID_INPUT',
    `Held-out score ${index} is ${scores[index]}, not a finite number.`,
    {
      field: 'heldOutScores',
      fix: 'Check that the model gives every normal image a finite score.',
    },
  );
}

/** The smallest float32 above `value`: float32, so that storing the threshold as one cannot lower it. */
function nextFloat32(value: number): number {
  const single = new Float32Array([value]);
  if (single[0]! > value) return single[0]!;
  const bits = new Int32Array(single.buffer);
  if (single[0] === 0) bits[0] = 1;
  else bits[0]! += single[0]! > 0 ? 1 : -1;
  return single[0]!;
}
