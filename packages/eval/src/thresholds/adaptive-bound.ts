/**
 * @file The bound that a further normal image reaches with the targeted chance, spread and skew learned from all
 * categories: the quantile of the posterior predictive distribution of `spread-posterior.ts`.
 */
import { type GroupPosterior, spreadPosterior } from './spread-posterior.ts';

const ROUNDS = 80;

/**
 * The bound of each group of scores, in order. Null for a group without two different scores, unless at least two others
 * show how spreads are.
 */
export function adaptiveBounds(
  groups: readonly (readonly number[])[],
  target: number,
): (number | null)[] {
  const posterior = spreadPosterior(groups);
  if (posterior === null) return groups.map(() => null);
  return posterior.map((one, index) =>
    hasSpread(posterior, index) ? quantile(predictiveTail(one), target) : null,
  );
}

/** Whether anything is known of the spread of a group. */
export function hasSpread(posterior: readonly GroupPosterior[], index: number): boolean {
  return posterior[index]!.informs || posterior.filter(({ informs }) => informs).length > 1;
}

/** P(a further score of the group >= x), and where to look for x. */
export interface PredictiveTail {
  readonly tail: (x: number) => number;
  readonly mean: number;
  /** Largest spread that was taken into account. */
  readonly widest: number;
}

function predictiveTail({ group, shapes }: GroupPosterior): PredictiveTail {
  const used = shapes
    .flatMap(({ distribution, sigmas, weights }) =>
      [...sigmas].map((sigma, i) => ({
        weight: weights[i]!,
        sigma,
        tail: distribution.tail(group, sigma),
      })),
    )
    .filter(({ weight }) => weight > 0);
  const total = used.reduce((sum, { weight }) => sum + weight, 0);
  return {
    tail: (x) => used.reduce((sum, { weight, tail }) => sum + weight * tail(x), 0) / total,
    mean: group.mean,
    widest: used.reduce((widest, { sigma }) => Math.max(widest, sigma), 0),
  };
}

/** The x above the mean at which the tail is `target`, by halving; the mean itself for a target that is met there. */
function quantile({ tail, mean, widest }: PredictiveTail, target: number): number {
  let low = mean;
  if (tail(low) <= target) return low;
  // Scores that differ in their last bit alone have a spread that is lost beside their mean.
  let step = Math.max(widest, Math.abs(mean) * Number.EPSILON, Number.MIN_VALUE);
  let high = mean + step;
  while (tail(high) > target) {
    step *= 2;
    high = mean + step;
  }
  for (let round = 0; round < ROUNDS && high > low; round += 1) {
    const middle = (low + high) / 2;
    if (tail(middle) > target) low = middle;
    else high = middle;
  }
  return high;
}
