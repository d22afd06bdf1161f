/**
 * @file Distributions of the image scores of normal images: normal, and Gumbel, the limit distribution of maxima, which an
 * image score is. Each has a location μ and a spread σ (its standard deviation). What is here is given σ, with μ integrated
 * over a flat prior in closed form, for n scores x of one category.
 *
 * With β = σ √6 / π and S = Σ exp(−xᵢ / β), Gumbel's density of μ given σ makes exp(μ / β) · S a Gamma(n) variable.
 */

/** The scores of a category as far as the densities need them. */
export interface ScoreGroup {
  readonly scores: readonly number[];
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  /** Sum of squared deviations from the mean. */
  readonly squares: number;
}

export interface ScoreDistribution {
  readonly name: 'normal' | 'gumbel';
  /** log ∫ Π p(xᵢ | μ, σ) dμ */
  logDensity(group: ScoreGroup, sigma: number): number;
  /** x ↦ P(a further score >= x | σ, the scores), μ integrated out. */
  tail(group: ScoreGroup, sigma: number): (x: number) => number;
  /** P(a further score >= x | μ, σ) with μ drawn given σ and the scores by `random`. */
  drawnTail(group: ScoreGroup, sigma: number, random: Draws): (x: number) => number;
}

/** Random numbers that the distributions need. */
export interface Draws {
  /** Standard normal. */
  normal(): number;
  /** Gamma with a whole-number shape and scale 1. */
  gamma(shape: number): number;
}

const GUMBEL_SCALE = Math.sqrt(6) / Math.PI;

export function groupOf(scores: readonly number[]): ScoreGroup {
  const n = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { scores, n, mean, squares, low: scores.reduce((a, b) => Math.min(a, b)) };
}

export const NORMAL: ScoreDistribution = {
  name: 'normal',
  logDensity: ({ n, squares }, sigma) =>
    (1 - n) * Math.log(sigma) -
    squares / (2 * sigma * sigma) -
    ((n - 1) * Math.log(2 * Math.PI) + Math.log(n)) / 2,
  tail: ({ n, mean }, sigma) => {
    const spread = sigma * Math.sqrt(1 + 1 / n);
    return (x) => normalTail((x - mean) / spread);
  },
  drawnTail: ({ n, mean }, sigma, random) => {
    const mu = mean + (sigma / Math.sqrt(n)) * random.normal();
    return (x) => normalTail((x - mu) / sigma);
  },
};

export const GUMBEL: ScoreDistribution = {
  name: 'gumbel',
  logDensity: (group, sigma) => {
    const beta = sigma * GUMBEL_SCALE;
    const { n, mean, low } = group;
    const above = (n * (mean - low)) / beta;
    return (
      (1 - n) * Math.log(beta) + logFactorial(n - 1) - above - n * Math.log(sumOf(group, beta))
    );
  },
  tail: (group, sigma) => {
    const beta = sigma * GUMBEL_SCALE;
    const sum = sumOf(group, beta);
    const { n, low } = group;
    return (x) => -Math.expm1(-n * Math.log1p(Math.exp((low - x) / beta) / sum));
  },
  drawnTail: (group, sigma, random) => {
    const beta = sigma * GUMBEL_SCALE;
    const location = random.gamma(group.n) / sumOf(group, beta);
    return (x) => -Math.expm1(-location * Math.exp((group.low - x) / beta));
  },
};

/** S, taken from the lowest score on so that it neither over- nor underflows. */
function sumOf({ scores, low }: ScoreGroup, beta: number): number {
  let sum = 0;
  for (const score of scores) sum += Math.exp((low - score) / beta);
  return sum;
}

/** log n!, by Stirling's series above 20. */
export function logFactorial(n: number): number {
  if (n > 20) {
    const x = n + 1;
    const series = 1 / (12 * x) - 1 / (360 * x ** 3);
    return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
  }
  let sum = 0;
  for (let i = 2; i <= n; i += 1) sum += Math.log(i);
  return sum;
}

/** P(Z >= z) to 1.2e-7 of itself (Press et al., "Numerical Recipes", `erfcc`). */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  let poly = 0;
  for (const coefficient of ERFC) poly = poly * t + coefficient;
  const half = (t * Math.exp(-x * x + poly)) / 2;
  return z >= 0 ? half : 1 - half;
}

const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];
