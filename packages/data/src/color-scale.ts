/** @file The one color scale of every heatmap: inferno, whose lightness grows all along, so it reads without color vision. */

export type Rgb = [number, number, number];

/** Degree-6 fit of matplotlib's inferno (M. Zucker, shadertoy.com/view/WlfXRN, CC0), constant term first. */
const COEFFICIENTS: readonly (readonly number[])[] = [
  [0.00021894, 0.10651342, 11.60249308, -41.70399613, 77.1629357, -71.31942824, 25.13112622],
  [0.001651, 0.56395644, -3.97285397, 17.43639888, -33.40235894, 32.62606426, -12.24266895],
  [-0.0194809, 3.93271239, -15.94239411, 44.3541452, -81.80730926, 73.20951986, -23.070325],
];

const STEPS = 1024;
const TABLE: readonly Rgb[] = Array.from({ length: STEPS + 1 }, (_, index) =>
  evaluate(index / STEPS),
);

/**
 * Color of a place on the scale.
 * @param t 0 (black) to 1 (pale yellow); outside it is clamped, NaN counts as 0.
 * @returns Red, green, blue, each 0 to 255.
 */
export function colorAt(t: number): Rgb {
  const place = t > 0 ? Math.min(1, t) : 0;
  const [red, green, blue] = TABLE[Math.round(place * STEPS)] ?? [0, 0, 0];
  return [red, green, blue];
}

function evaluate(t: number): Rgb {
  const channel = (index: number): number => {
    const value = (COEFFICIENTS[index] ?? []).reduceRight((sum, c) => sum * t + c, 0);
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  };
  return [channel(0), channel(1), channel(2)];
}
