/**
 * @file Compares small pictures of luminance, many with many. A picture, less its mean and scaled to length 1, is turned into
 * Haar coefficients, coarse ones first: the product of two is their correlation, and after a few coefficients the rest is
 * bounded by the lengths that are left (Cauchy–Schwarz). So most pairs are told apart by their coarsest 64 numbers.
 */

/** Coefficients after which a pair may be given up; the last is the whole of a 32 × 32 picture. */
const STAGES = [64, 256];

export interface Fingerprint {
  /** Haar coefficients of the picture less its mean, of length 1 together (all 0 for a picture of one level). */
  readonly coefficients: Float32Array;
  /** Length of what lies behind each stage. */
  readonly rest: readonly number[];
  /** Standard deviation, gray levels. */
  readonly contrast: number;
}

/** @param luminance `[side · side]`, row by row, 0 to 255; `side` is a power of two */
export function fingerprintOf(luminance: ArrayLike<number>): Fingerprint {
  const values = Float64Array.from(luminance);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) {
    values[i]! -= mean;
    squares += values[i]! ** 2;
  }
  const length = Math.sqrt(squares);
  const coefficients = haar(values, Math.round(Math.sqrt(values.length)));
  if (length > 0) for (let i = 0; i < coefficients.length; i += 1) coefficients[i]! /= length;
  const rest = STAGES.map((stage) => {
    let sum = 0;
    for (let i = stage; i < coefficients.length; i += 1) sum += coefficients[i]! ** 2;
    return Math.sqrt(sum);
  });
  return {
    coefficients: Float32Array.from(coefficients),
    rest,
    contrast: Math.sqrt(squares / values.length),
  };
}

/** @returns The correlation, or null as soon as it is certain to be below `atLeast`. */
export function correlate(a: Fingerprint, b: Fingerprint, atLeast: number): number | null {
  const { coefficients: x } = a;
  const { coefficients: y } = b;
  let product = 0;
  let from = 0;
  for (let stage = 0; stage <= STAGES.length; stage += 1) {
    const to = Math.min(STAGES[stage] ?? x.length, x.length);
    for (let i = from; i < to; i += 1) product += x[i]! * y[i]!;
    const left = stage < STAGES.length ? a.rest[stage]! * b.rest[stage]! : 0;
    if (product + left < atLeast) return null;
    from = to;
  }
  return product;
}

/** Orthonormal two-dimensional Haar transform, the coarser level before the finer one. */
function haar(picture: Float64Array, side: number): Float64Array {
  const out = new Float64Array(picture.length);
  let coarse = picture;
  for (let size = side; size > 1; size /= 2) {
    const half = size / 2;
    const next = new Float64Array(half * half);
    for (let y = 0; y < half; y += 1) {
      for (let x = 0; x < half; x += 1) {
        const [a, b] = [coarse[2 * y * size + 2 * x]!, coarse[2 * y * size + 2 * x + 1]!];
        const [c, d] = [
          coarse[(2 * y + 1) * size + 2 * x]!,
          coarse[(2 * y + 1) * size + 2 * x + 1]!,
        ];
        const at = y * half + x;
        next[at] = (a + b + c + d) / 2;
        out[half * half + at] = (a - b + c - d) / 2;
        out[2 * half * half + at] = (a + b - c - d) / 2;
        out[3 * half * half + at] = (a - b - c + d) / 2;
      }
    }
    coarse = next;
  }
  out[0] = coarse[0] ?? 0;
  return out;
}
