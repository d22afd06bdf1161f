/**
 * @file Bootstrap of the image metrics, exact in every resample: images are sorted once, and each resample walks them
 * with the number of times that each was drawn as its weight (B. Efron, R. Tibshirani, "An Introduction to the
 * Bootstrap", 1993, chapters 6 and 16). B resamples.
 */
import { byMetric, IMAGE_METRIC_NAMES, type ImageMetricName } from '@plumbline/contracts';
import type { ImageStrata } from './image-strata.ts';
import { RandomStream } from './random-stream.ts';

export interface ResampleOptions {
  readonly resamples: number;
  readonly seed: number;
}

/** One value per resample, f64 `[B]` each. */
export type ImageResamples = Readonly<Record<ImageMetricName, Float64Array>>;

/**
 * Resamples the images of one category, anomalous and normal ones apart. Which images resample b draws depends on seed,
 * category and number of images alone: two models' results over the same images are resampled alike, so their
 * difference is a paired one.
 *
 * @returns null if one label is missing
 */
export function resampleImageMetrics(
  strata: ImageStrata,
  options: ResampleOptions,
): ImageResamples | null {
  const anomalous = strata.anomalousPaths.length;
  const normal = strata.normalPaths.length;
  if (anomalous === 0 || normal === 0) return null;
  const { resamples, seed } = options;
  const result = byMetric(IMAGE_METRIC_NAMES, () => new Float64Array(resamples));
  const ranked = rankImages(strata);
  const random = new RandomStream(seed, strata.category);
  const counts = new Uint32Array(anomalous + normal);
  for (let b = 0; b < resamples; b += 1) {
    drawCounts(counts, anomalous, random);
    const metrics = weightedMetrics(ranked, counts, anomalous);
    for (const metric of IMAGE_METRIC_NAMES) result[metric][b] = metrics[metric];
  }
  return result;
}

/**
 * How much an F1-max is too high on average, since its threshold is the best for the very images that it is measured on: what
 * it gains on halves of them, drawn without replacement, extrapolated at the rate n^(-2/3) of such choices (J. Kim, D. Pollard,
 * Ann. Statist. 18, 1990), for which subsampling is right and the bootstrap is not (D. Politis, J. Romano, Ann. Statist.
 * 22, 1994).
 *
 * @returns at least 0; null if one label has fewer than two images
 */
export function f1MaxBias(
  strata: ImageStrata,
  { resamples, seed }: ResampleOptions,
): number | null {
  const anomalous = strata.anomalousPaths.length;
  const normal = strata.normalPaths.length;
  if (anomalous < 2 || normal < 2 || resamples === 0) return null;
  const ranked = rankImages(strata);
  const random = new RandomStream(seed, `halves of ${strata.category}`);
  const order = [range(0, anomalous), range(anomalous, normal)];
  const counts = new Uint32Array(anomalous + normal).fill(1);
  const whole = weightedMetrics(ranked, counts, anomalous).imageF1Max;
  let sum = 0;
  for (let half = 0; half < resamples; half += 1) {
    counts.fill(0);
    for (const images of order) drawHalf(images, counts, random);
    sum += weightedMetrics(ranked, counts, anomalous).imageF1Max;
  }
  return Math.max(0, (sum / resamples - whole) / (2 ** (2 / 3) - 1));
}

function range(from: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => from + index);
}

/** Sets the counts of half of the images to 1, rounded up; changes the order of `images`. */
function drawHalf(images: Int32Array, counts: Uint32Array, random: RandomStream): void {
  const half = Math.ceil(images.length / 2);
  for (let i = 0; i < half; i += 1) {
    const other = i + random.below(images.length - i);
    [images[i], images[other]] = [images[other]!, images[i]!];
    counts[images[i]!] = 1;
  }
}

/** Draws as many of the first `split` and of the rest as there are, with replacement. */
export function drawCounts(counts: Uint32Array, split: number, random: RandomStream): void {
  counts.fill(0);
  const rest = counts.length - split;
  for (let i = 0; i < split; i += 1) counts[random.below(split)]! += 1;
  for (let i = 0; i < rest; i += 1) counts[split + random.below(rest)]! += 1;
}

/** Images by descending score; `isLast` marks the last image of each group of equal scores. */
interface RankedImages {
  readonly order: Int32Array;
  readonly isLast: Uint8Array;
}

function rankImages({ scores }: ImageStrata): RankedImages {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const isLast = Uint8Array.from(order, (image, rank) =>
    rank + 1 === order.length || scores[order[rank + 1]!] !== scores[image] ? 1 : 0,
  );
  return { order, isLast };
}

/** AUROC with mid-ranks, AP by steps and F1-max over distinct scores, images counted `counts` times. */
function weightedMetrics(
  { order, isLast }: RankedImages,
  counts: Uint32Array,
  split: number,
): Record<ImageMetricName, number> {
  const anomalous = total(counts.subarray(0, split));
  const normal = total(counts.subarray(split));
  let hits = 0;
  let alarms = 0;
  let hitsBefore = 0;
  let alarmsBefore = 0;
  let outranked = 0;
  let ap = 0;
  let f1Max = 0;
  for (let rank = 0; rank < order.length; rank += 1) {
    const image = order[rank]!;
    if (image < split) hits += counts[image]!;
    else alarms += counts[image]!;
    if (isLast[rank] === 0) continue;
    if (hits > hitsBefore) {
      outranked += (hits - hitsBefore) * (normal - (alarmsBefore + alarms) / 2);
      ap += ((hits - hitsBefore) * hits) / (hits + alarms);
      f1Max = Math.max(f1Max, (2 * hits) / (hits + alarms + anomalous));
    }
    hitsBefore = hits;
    alarmsBefore = alarms;
  }
  return {
    imageAuroc: outranked / (anomalous * normal),
    imageAp: ap / anomalous,
    imageF1Max: f1Max,
  };
}

function total(counts: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i += 1) sum += counts[i]!;
  return sum;
}
