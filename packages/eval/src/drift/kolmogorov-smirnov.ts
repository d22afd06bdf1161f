/** @file The two-sample Kolmogorov-Smirnov test, exact for samples of unequal sizes. */

export interface KolmogorovSmirnov {
  /** Largest difference between the two empirical distribution functions, 0 to 1. */
  readonly statistic: number;
  /** Probability of a statistic at least as large where both come from one continuous distribution. */
  readonly pValue: number;
}

/** Rounding of `statistic · m · n`, which is a whole number. */
const HAIR = 1e-7;

/**
 * Whether two samples come from one distribution, two-sided. The p-value counts lattice paths that stay within the statistic (J.
 * Hodges, Arkiv för Matematik 3, 1958; as computed by R's `psmirnov`); with ties it is an upper bound. Takes m · n steps.
 *
 * @param a finite numbers, at least one
 * @param b finite numbers, at least one
 */
export function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): KolmogorovSmirnov {
  if (a.length === 0 || b.length === 0)
    throw new RangeError('The test is undefined without images on both sides.');
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  const statistic = largestDifference(few, many);
  return { statistic, pValue: pValueOf(statistic, few.length, many.length) };
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  const left = Float64Array.from(a).sort();
  const right = Float64Array.from(b).sort();
  let [i, j, largest] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i] ?? 0, right[j] ?? 0);
    while (i < left.length && (left[i] ?? 0) <= value) i += 1;
    while (j < right.length && (right[j] ?? 0) <= value) j += 1;
    largest = Math.max(largest, Math.abs(i / left.length - j / right.length));
  }
  return largest;
}

/** @param m no more than `n` */
function pValueOf(statistic: number, m: number, n: number): number {
  const limit = (0.5 + Math.floor(statistic * m * n - HAIR)) / (m * n);
  const within = Float64Array.from({ length: n + 1 }, (_, j) => (j / n > limit ? 0 : 1));
  for (let i = 1; i <= m; i++) {
    const weight = i / (i + n);
    within[0] = i / m > limit ? 0 : weight * (within[0] ?? 0);
    for (let j = 1; j <= n; j++) {
      const isWithin = Math.abs(i / m - j / n) <= limit;
      within[j] = isWithin ? weight * (within[j] ?? 0) + (within[j - 1] ?? 0) : 0;
    }
  }
  return Math.min(1, Math.max(0, 1 - (within[n] ?? 0)));
}
