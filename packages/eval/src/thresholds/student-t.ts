/** @file Quantiles of the normal distribution, and of Student's t for whole degrees of freedom. */

/** From here on the expansion around the normal quantile is exact to 1e-8, and the sums would be long. */
const MANY_DEGREES = 200;

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
 * @param degrees whole number >= 1, or ∞ for the normal distribution
 */
export function studentTUpperQuantile(tail: number, degrees: number): number {
  if (tail > 0.5) return -studentTUpperQuantile(1 - tail, degrees);
  if (degrees > MANY_DEGREES) {
    const z = normalUpperQuantile(tail);
    const cubic = (z ** 3 + z) / 4;
    const quintic = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
    return z + cubic / degrees + quintic / degrees ** 2; // Abramowitz & Stegun 26.7.5
  }
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

/**
 * The z with P(Z > z) = `tail` for the standard normal distribution, to about 7 digits (M. J. Wichura, algorithm
 * AS 241, PPND7, Appl. Statist. 37, 1988).
 *
 * @param tail in (0, 1)
 */
export function normalUpperQuantile(tail: number): number {
  const q = 0.5 - tail;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    const numerator = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
    return (q * numerator) / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1);
  }
  const r = Math.sqrt(-Math.log(Math.min(tail, 1 - tail)));
  const z = r <= 5 ? nearTail(r - 1.6) : farTail(r - 5);
  return q < 0 ? -z : z;
}

function nearTail(r: number): number {
  const numerator = ((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777;
  return numerator / ((0.12021132975 * r + 0.7370016425) * r + 1);
}

function farTail(r: number): number {
  const numerator = ((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115;
  return numerator / ((0.012258202635 * r + 0.24197894225) * r + 1);
}
