/** @file Quantiles of Student's t distribution for whole degrees of freedom. */

/**
 * P(|T| <= t) with t = √ν · tan θ: the finite sums of Abramowitz & Stegun, "Handbook of Mathematical Functions",
 * 26.7.3 (odd ν) and 26.7.4 (even ν).
 */
function centralProbability(theta: number, degrees: number): number {
  const cosine = Math.cos(theta);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  // `step` is the power of the cosine that the next term carries, at most ν − 2.
  for (let step = isOdd ? 3 : 2; step <= degrees - 2; step += 2) {
    term *= ((step - 1) / step) * cosine * cosine;
    if (term < Number.EPSILON * Number.EPSILON) break;
    sum += term;
  }
  const series = Math.sin(theta) * sum;
  return isOdd ? (2 / Math.PI) * (theta + series) : series;
}

/**
 * The t with P(T > t) = `tail` for Student's t with `degrees` degrees of freedom.
 *
 * @param tail    in (0, 1)
 * @param degrees whole number >= 1
 */
export function studentTUpperQuantile(tail: number, degrees: number): number {
  if (tail > 0.5) return -studentTUpperQuantile(1 - tail, degrees);
  const wanted = 1 - 2 * tail;
  let low = 0;
  let high = Math.PI / 2;
  // θ is bounded and the probability rises with it, so halving to the last bit is safe for every ν.
  for (let round = 0; round < 80; round += 1) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degrees) < wanted) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2);
}
