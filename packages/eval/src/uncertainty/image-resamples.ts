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
  ranked: RankedImages,
  counts: Uint32Array,
  anomalous: number,
): Record<ImageMetricName, number> {
  const { order, isLast } = ranked;
  const normal = counts.length - anomalous; // as many are drawn as there are
  let hits = 0;
  let alarms = 0;
  let hitsBefore = 0;
  let alarmsBefore = 0;
  let outranked = 0;
  let ap = 0;
  let f1Max = 0;
  for (let rank = 0; rank < order.length; rank += 1) {
    const image = order[rank]!;
    if (image < anomalous) hits += counts[image]!;
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
