/** @file What the metrics are called, and why one can be undefined. */
import type { Metrics } from '@plumbline/contracts';

export interface MetricLabel {
  readonly short: string;
  readonly long: string;
  /** Why it is undefined when it is. */
  readonly undefinedBecause: string;
}

const NO_TEST_IMAGES = 'Undefined: no anomalous test image, or no normal one.';
const NO_MASKS = 'Undefined: the test split has no ground-truth masks for this.';

export const METRIC_LABELS: Record<keyof Metrics, MetricLabel> = {
  imageAuroc: { short: 'I-AUROC', long: 'Image AUROC', undefinedBecause: NO_TEST_IMAGES },
  imageAp: { short: 'I-AP', long: 'Image average precision', undefinedBecause: NO_TEST_IMAGES },
  imageF1Max: { short: 'I-F1max', long: 'Image F1-max', undefinedBecause: NO_TEST_IMAGES },
  pixelAuroc: { short: 'P-AUROC', long: 'Pixel AUROC', undefinedBecause: NO_MASKS },
  pixelAp: { short: 'P-AP', long: 'Pixel average precision', undefinedBecause: NO_MASKS },
  pixelF1Max: { short: 'P-F1max', long: 'Pixel F1-max', undefinedBecause: NO_MASKS },
  aupro30: {
    short: 'AUPRO@0.30',
    long: 'Area under the per-region overlap curve up to a false positive rate of 0.30',
    undefinedBecause: NO_MASKS,
  },
  aupro05: {
    short: 'AUPRO@0.05',
    long: 'Area under the per-region overlap curve up to a false positive rate of 0.05',
    undefinedBecause: NO_MASKS,
  },
  pixelIouMax: {
    short: 'P-IoUmax',
    long: 'Largest intersection over union of any threshold',
    undefinedBecause: NO_MASKS,
  },
  aupimo: {
    short: 'AUPIMO',
    long: 'Mean area under the per-image overlap curve at very low false positive rates',
    undefinedBecause: NO_MASKS,
  },
};
