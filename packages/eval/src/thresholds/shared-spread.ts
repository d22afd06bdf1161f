/**
 * @file Sample variances of many small groups, each shrunk towards what the groups share: empirical Bayes with a scaled
 * inverse chi-squared prior (G. K. Smyth, "Linear Models and Empirical Bayes Methods …", Stat. Appl. Genet. Mol. Biol.
 * 3, 2004, section 6). Nothing is shared where the groups' spreads differ more than chance explains.
 */

export interface GroupMoments {
  readonly n: number;
  readonly variance: number;
}

export interface ModeratedVariance {
  readonly variance: number;
  /** Of Student's t for a deviation divided by the root of `variance`; not a whole number in general. */
  readonly degrees: number;
}

/**
 * Learns the prior from groups and returns the function that shrinks a sample variance with `degrees` = n − 1:
 *
 *     (d0 · s0² + d · s²) / (d0 + d),   with d0 + d degrees of freedom
 *
 * The degrees are never more than the groups have together, Σ (n − 1), however equal their variances: with few groups d0 is
 * estimated as ∞ often and by chance (the same cap as in limma's `eBayes`, by the same author). At d0 = ∞ the variance is
 * the pooled one. The function gives null where nothing at all is known of a spread.
 */
export function sharedSpread(
  groups: readonly GroupMoments[],
): (variance: number, degrees: number) => ModeratedVariance | null {
  // A variance of zero has no logarithm; equal scores also say nothing about how others spread.
  const usable = groups.filter(({ n, variance }) => n > 1 && variance > 0);
  if (usable.length < 2) {
    return (variance, degrees) => (degrees > 0 ? { variance, degrees } : null);
  }
  const prior = fitPrior(usable);
  const available = usable.reduce((sum, { n }) => sum + n - 1, 0);
  const pooled = usable.reduce((sum, { n, variance }) => sum + (n - 1) * variance, 0) / available;
  return (variance, degrees) => {
    if (prior.degrees === Number.POSITIVE_INFINITY) return { variance: pooled, degrees: available };
    const total = prior.degrees + degrees;
    return {
      variance: (prior.degrees * prior.variance + degrees * variance) / total,
      degrees: Math.min(total, available),
    };
  };
}

/** Method of moments on log variances, which follow Fisher's z: their spread beyond trigamma(d/2) is the prior's. */
function fitPrior(groups: readonly GroupMoments[]): ModeratedVariance {
  const centered = groups.map(({ n, variance }) => {
    const half = (n - 1) / 2;
    return Math.log(variance) - digamma(half) + Math.log(half);
  });
  const count = groups.length;
  const mean = centered.reduce((sum, value) => sum + value, 0) / count;
  const squares = centered.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const chance = groups.reduce((sum, { n }) => sum + trigamma((n - 1) / 2), 0) / count;
  const excess = squares / (count - 1) - chance;
  if (excess <= 0) return { variance: Math.exp(mean), degrees: Number.POSITIVE_INFINITY };
  const half = inverseTrigamma(excess);
  return { variance: Math.exp(mean + digamma(half) - Math.log(half)), degrees: 2 * half };
}

/** Asymptotic series after raising the argument above 6 (Abramowitz & Stegun 6.3.18, 6.4.12). x > 0. */
export function digamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 6; y += 1) shift -= 1 / y;
  const r = 1 / (y * y);
  return shift + Math.log(y) - 1 / (2 * y) - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r / 240)));
}

/** Derivative of digamma; x > 0. */
export function trigamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 6; y += 1) shift += 1 / (y * y);
  const r = 1 / (y * y);
  return shift + 1 / y + r / 2 + (r * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r / 30)))) / y;
}

/** The x > 0 with trigamma(x) = value: it falls from ∞ to 0, so halving on a log scale finds it. */
export function inverseTrigamma(value: number): number {
  let low = Math.log(1e-8);
  let high = Math.log(1e8);
  for (let round = 0; round < 80; round += 1) {
    const middle = (low + high) / 2;
    if (trigamma(Math.exp(middle)) > value) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
