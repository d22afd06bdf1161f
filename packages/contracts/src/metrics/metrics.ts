/**
 * @file The metrics, one row each, in the order in which every table shows them. Names, schema, labels, columns, the table
 * in `docs/evaluation-protocol.md` and the reasons for an undefined one come from here; what computes them is in `eval`.
 */
import type { UndefinedCode } from './undefined-words.ts';

export interface MetricDefinition {
  /** What is ranked: the test images of a category, or all of their pixels. */
  readonly level: 'image' | 'pixel';
  /** One of the field's usual seven (mAD is their mean): in every result since 0.1, and shown unless hidden. */
  readonly core: boolean;
  /** Head of a column. */
  readonly short: string;
  readonly long: string;
  /** For the protocol document, as `definition` is. */
  readonly over: string;
  readonly definition: string;
  /** What each leaves it undefined; the first that holds is the reason. */
  readonly undefinedWhen: readonly UndefinedCode[];
}

const IMAGE = {
  level: 'image',
  over: 'image scores',
  undefinedWhen: ['no-anomalous-image', 'no-normal-image'],
} as const;

const PIXEL = {
  level: 'pixel',
  over: 'all pixels of the category, pooled',
  undefinedWhen: [
    'no-anomalous-image',
    'no-mask',
    'no-anomalous-pixel',
    'no-normal-pixel',
    'too-coarse',
  ],
} as const;

const REGION = { ...PIXEL, over: 'the same pixels, by region' } as const;

export const METRICS = {
  imageAuroc: {
    ...IMAGE,
    core: true,
    short: 'I-AUROC',
    long: 'Image AUROC',
    definition:
      'the share of (anomalous, normal) pairs in which the anomalous one scores higher, ties counting one half',
  },
  imageAp: {
    ...IMAGE,
    core: true,
    short: 'I-AP',
    long: 'Image average precision',
    definition:
      'average precision, step definition: the sum over thresholds k, from the highest down, of (R_k - R_(k-1)) * P_k; no trapezoid',
  },
  imageF1Max: {
    ...IMAGE,
    core: true,
    short: 'I-F1max',
    long: 'Image F1-max',
    definition: 'the largest 2TP / (2TP + FP + FN) over all thresholds',
  },
  pixelAuroc: {
    ...PIXEL,
    core: true,
    short: 'P-AUROC',
    long: 'Pixel AUROC',
    definition: 'as `imageAuroc`',
  },
  pixelAp: {
    ...PIXEL,
    core: true,
    short: 'P-AP',
    long: 'Pixel average precision',
    definition: 'as `imageAp`',
  },
  pixelF1Max: {
    ...PIXEL,
    core: true,
    short: 'P-F1max',
    long: 'Pixel F1-max',
    definition: 'as `imageF1Max`',
  },
  aupro30: {
    ...REGION,
    core: true,
    short: 'AUPRO@0.30',
    long: 'Area under the per-region overlap curve up to a false positive rate of 0.30',
    definition: 'AUPRO, below, up to a false positive rate of 0.30',
  },
  aupro05: {
    ...REGION,
    core: false,
    short: 'AUPRO@0.05',
    long: 'Area under the per-region overlap curve up to a false positive rate of 0.05',
    definition: 'AUPRO, below, up to a false positive rate of 0.05',
  },
  aupro01: {
    ...REGION,
    core: false,
    short: 'AUPRO@0.01',
    long: 'Area under the per-region overlap curve up to a false positive rate of 0.01',
    definition: 'AUPRO, below, up to a false positive rate of 0.01',
  },
  pixelIouMax: {
    ...PIXEL,
    core: false,
    short: 'P-IoUmax',
    long: 'Largest intersection over union of any threshold',
    definition:
      'the largest TP / (TP + FP + FN) over all thresholds; F1 / (2 - F1) of the same threshold',
  },
  aupimo: {
    ...PIXEL,
    core: false,
    short: 'AUPIMO',
    long: 'Mean area under the per-image overlap curve at very low false positive rates',
    over: 'anomalous pixels by image, pixels of normal images',
    definition: 'AUPIMO, below',
    undefinedWhen: [
      'no-anomalous-image',
      'no-mask',
      'no-anomalous-pixel',
      'no-normal-image',
      'too-few-normal-pixels',
      'too-coarse',
    ],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;
