/**
 * @file How an anomaly map is colored: one scale for the pictures that the API and the trainer draw and for the legends
 * that the dashboard draws beside them.
 */
import { z } from 'zod';

export const heatmapScaleSchema = z.object({
  /** Anomaly-map units: colors begin above it and end at `high`. */
  low: z.number(),
  high: z.number(),
  /** The pixel threshold, where the contour is drawn. */
  threshold: z.number(),
});
export type HeatmapScale = z.infer<typeof heatmapScaleSchema>;

/** Without a threshold there is no contour: imported results have none. */
export type PaintScale = Pick<HeatmapScale, 'low' | 'high'> & { readonly threshold?: number };

/** Part of the names and addresses of kept pictures: raise it when heatmaps change their look, so that no old one is shown. */
export const HEATMAP_STYLE = 2;

/**
 * Ends of the scale as multiples of the pixel threshold, which is a bound on the highest pixel of normal images: their
 * texture stays below the lower end, and what is detected has its color from the threshold on.
 */
export const HEATMAP_LOW = 0.75;
export const HEATMAP_HIGH = 2;

/** @param pixelThreshold Of the category that the image is of, anomaly-map units. */
export function heatmapScale(pixelThreshold: number): HeatmapScale {
  return {
    low: HEATMAP_LOW * pixelThreshold,
    high: HEATMAP_HIGH * pixelThreshold,
    threshold: pixelThreshold,
  };
}

/** Red, green, blue, each 0 to 255. */
export type Rgb = readonly [number, number, number];

export interface HeatmapPaint {
  readonly color: Rgb;
  /** Of the color over the dimmed gray photo, 0 to 1. */
  readonly opacity: number;
}

/** Share of color at the threshold and at the top of the scale; the rest is the photo, so that its structure stays visible. */
const OPACITY_AT_THRESHOLD = 0.6;
const OPACITY_AT_TOP = 0.85;
/** The dark start of inferno is left out: on dark pictures it is no color. */
const FIRST_COLOR = 0.42;

/** What is painted over the photo for a value: nothing up to `low`, little below the threshold, plain color from there on. */
export function heatmapPaint(value: number, scale: PaintScale): HeatmapPaint {
  const place = placeOnScale(value, scale);
  const color = colorAt(FIRST_COLOR + (1 - FIRST_COLOR) * place);
  if (scale.threshold === undefined) return { color, opacity: OPACITY_AT_TOP * place };
  const cut = placeOnScale(scale.threshold, scale);
  if (place < cut) return { color, opacity: OPACITY_AT_THRESHOLD * (place / cut) ** 2 };
  const above = cut < 1 ? (place - cut) / (1 - cut) : 1;
  return {
    color,
    opacity: OPACITY_AT_THRESHOLD + (OPACITY_AT_TOP - OPACITY_AT_THRESHOLD) * above,
  };
}

/** @returns 0 to 1; a scale without width puts everything at or above it on top. NaN is 0. */
export function placeOnScale(value: number, { low, high }: PaintScale): number {
  if (!(high > low)) return value >= high ? 1 : 0;
  const place = (value - low) / (high - low);
  return place > 0 ? Math.min(1, place) : 0;
}

/**
 * Gray level that a pixel of the photo has in a heatmap: without color of its own, so that all color is the map's, and
 * neither black nor bright, so that the colors stand out from dark and from white pictures.
 */
export function dimmedGray(red: number, green: number, blue: number): number {
  return 24 + 0.5 * (0.2126 * red + 0.7152 * green + 0.0722 * blue);
}

/** Degree-6 fit of matplotlib's inferno (M. Zucker, shadertoy.com/view/WlfXRN, CC0), constant term first. */
const INFERNO: readonly (readonly number[])[] = [
  [0.00021894, 0.10651342, 11.60249308, -41.70399613, 77.1629357, -71.31942824, 25.13112622],
  [0.001651, 0.56395644, -3.97285397, 17.43639888, -33.40235894, 32.62606426, -12.24266895],
  [-0.0194809, 3.93271239, -15.94239411, 44.3541452, -81.80730926, 73.20951986, -23.070325],
];

/**
 * Inferno, whose lightness grows all along, so that it reads without color vision.
 * @param t 0 (black) to 1 (pale yellow); outside it is clamped, NaN counts as 0.
 */
export function colorAt(t: number): Rgb {
  const place = t > 0 ? Math.min(1, t) : 0;
  const channel = (coefficients: readonly number[]): number => {
    const value = coefficients.reduceRight((sum, one) => sum * place + one, 0);
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  };
  const [red = [], green = [], blue = []] = INFERNO;
  return [channel(red), channel(green), channel(blue)];
}
