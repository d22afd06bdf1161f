/** @file What an interval is and by which method, in the words that every screen and document uses. */
import type { Intervals } from './evaluation.ts';
import type { MetricName } from './metrics/metric-values.ts';

/** In a few words, such as for the head of a column or a table. */
export function intervalMethodWords({ method, confidence }: Intervals): string {
  const share = `${confidence * 100} %`;
  return method === 'score' ? `${share} score intervals` : `${share} percentile intervals`;
}

const F1_NOTE =
  'F1-max picks its threshold on the test images: with few of them it is too high on average.';

/** What to know of the interval of one metric, where its cell has little room; null where there is nothing. */
export function intervalNote(metric: MetricName): string | null {
  return metric === 'imageF1Max' ? F1_NOTE : null;
}

/** Where intervals allow for it. */
const TOO_HIGH_NOTE =
  'With few test images F1-max, whose threshold is picked on them, and pixel metrics are too high on average; their intervals reach down to allow for it.';

/** Full sentences. */
export function intervalWords(intervals: Intervals): string {
  const { method, pixelVariance, resamples, seed } = intervals;
  const what = `Intervals are ${intervalMethodWords(intervals)}`;
  const of = 'they say what other test images would change, not what another training seed would';
  const bootstrap = `${resamples} bootstrap resamples`;
  if (method === 'score') {
    const isNewer = pixelVariance === 'jackknife';
    const others = isNewer
      ? `image AP and F1-max by ${bootstrap}, seed ${seed}, pixel metrics by leaving out each image in turn`
      : `the others by ${bootstrap}, seed ${seed}`;
    return `${what} with the effective number of test images (image AUROC by DeLong’s variance, ${others}): ${of}. ${isNewer ? TOO_HIGH_NOTE : F1_NOTE}`;
  }
  return `${what} of ${bootstrap} of the test images (seed ${seed}): ${of}. This older method gives intervals that are too narrow where scores are good. ${F1_NOTE}`;
}
