/** @file The standard normal distribution, as simulations need it. */

/** P(Z >= z), to 1.2e-7 of itself (Press et al., "Numerical Recipes", `erfcc`). */
export function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const poly = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
    0.37409196, 1.00002368, -1.26551223,
  ].reduce((sum, coefficient) => sum * t + coefficient, 0);
  const half = (t * Math.exp(-x * x + poly)) / 2;
  return z >= 0 ? half : 1 - half;
}

/** The z that a standard normal number reaches with this chance. */
export function upperQuantile(tail: number): number {
  let [low, high] = [-9, 9];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > tail) low = middle;
    else high = middle;
  }
  return low;
}
