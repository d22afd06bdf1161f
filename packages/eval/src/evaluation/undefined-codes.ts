/** @file Why metrics are undefined: the first thing in a metric's row that the evaluated images lack. */
import {
  ALL_METRIC_NAMES,
  firstUndefinedCode,
  type MetricName,
  type Metrics,
  type UndefinedCode,
  type UndefinedCodes,
} from '@plumbline/contracts';
import { canMeasurePimo } from '../metrics/aupimo.ts';

/** How many there are in a set of test images, of which only the pixels with known ground truth count. */
export interface EvaluatedCounts {
  readonly anomalousImages: number;
  readonly normalImages: number;
  readonly masks: number;
  readonly anomalousPixels: number;
  readonly normalPixels: number;
  /** Of normal images. */
  readonly pixelsOfNormal: number;
  /** Of pixel metrics that are not those of exact ranking; of what is left undefined for it, too. */
  readonly errorBounds: Partial<Metrics> | null;
}

const HOLDS: Readonly<
  Record<UndefinedCode, (counts: EvaluatedCounts, metric: MetricName) => boolean>
> = {
  'no-anomalous-image': (counts) => counts.anomalousImages === 0,
  'no-normal-image': (counts) => counts.normalImages === 0,
  'no-mask': (counts) => counts.masks === 0,
  'no-anomalous-pixel': (counts) => counts.anomalousPixels === 0,
  'no-normal-pixel': (counts) => counts.normalPixels === 0,
  'too-few-normal-pixels': (counts) => !canMeasurePimo(counts.pixelsOfNormal),
  'too-coarse': ({ errorBounds }, metric) => (errorBounds?.[metric] ?? null) !== null,
  'not-computed': () => false,
};

/** The reason of each metric that is null. */
export function undefinedCodesOf(
  metrics: Partial<Metrics>,
  counts: EvaluatedCounts,
): UndefinedCodes {
  const codes: UndefinedCodes = {};
  for (const metric of ALL_METRIC_NAMES) {
    if (metrics[metric] !== null) continue;
    const code = firstUndefinedCode(metric, (one) => HOLDS[one](counts, metric));
    if (code === undefined)
      throw new Error(`${metric} is undefined for no reason that its row in METRICS names`);
    codes[metric] = code;
  }
  return codes;
}
