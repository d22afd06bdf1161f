/** @file Why metrics are undefined: the first thing in a metric's row that the evaluated images lack. */
import {
  ALL_METRIC_NAMES,
  firstUndefinedCode,
  type Metrics,
  type UndefinedCode,
  type UndefinedCodes,
} from '@plumbline/contracts';

/** How many there are in a set of test images, of which only the pixels with known ground truth count. */
export interface EvaluatedCounts {
  readonly anomalousImages: number;
  readonly normalImages: number;
  readonly masks: number;
  readonly anomalousPixels: number;
  readonly normalPixels: number;
}

const NEEDED: Readonly<Record<Exclude<UndefinedCode, 'not-computed'>, keyof EvaluatedCounts>> = {
  'no-anomalous-image': 'anomalousImages',
  'no-normal-image': 'normalImages',
  'no-mask': 'masks',
  'no-anomalous-pixel': 'anomalousPixels',
  'no-normal-pixel': 'normalPixels',
};

/** The reason of each metric that is null. */
export function undefinedCodesOf(
  metrics: Partial<Metrics>,
  counts: EvaluatedCounts,
): UndefinedCodes {
  const codes: UndefinedCodes = {};
  for (const metric of ALL_METRIC_NAMES) {
    if (metrics[metric] !== null) continue;
    const code = firstUndefinedCode(
      metric,
      (one) => one !== 'not-computed' && counts[NEEDED[one]] === 0,
    );
    if (code === undefined)
      throw new Error(`${metric} is undefined for no reason that its row in METRICS names`);
    codes[metric] = code;
  }
  return codes;
}
