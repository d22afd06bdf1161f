/** @file The metrics, a contract since 0.1.0. `null` means undefined, never zero. */
import { z } from 'zod';

const metric = z.number().min(0).max(1).nullable();

/** Image and pixel AUROC, AP and F1-max, AUPRO at a false positive rate of 0.30, and three more; each in [0, 1] or undefined. */
export const metricsSchema = z.object({
  imageAuroc: metric,
  imageAp: metric,
  imageF1Max: metric,
  pixelAuroc: metric,
  pixelAp: metric,
  pixelF1Max: metric,
  aupro30: metric,
  /** AUPRO at a false positive rate of 0.05. */
  aupro05: metric.default(null),
  /** Largest intersection over union of any threshold. */
  pixelIouMax: metric.default(null),
  /** Mean area under the per-image overlap curve (Bertoldo et al., BMVC 2024). */
  aupimo: metric.default(null),
});
export type Metrics = z.infer<typeof metricsSchema>;

export const METRIC_NAMES = [
  'imageAuroc',
  'imageAp',
  'imageF1Max',
  'pixelAuroc',
  'pixelAp',
  'pixelF1Max',
  'aupro30',
] as const satisfies readonly (keyof Metrics)[];

/** Computed and stored beside the seven; not part of their mean (mAD). */
export const EXTRA_METRIC_NAMES = [
  'aupro05',
  'pixelIouMax',
  'aupimo',
] as const satisfies readonly (keyof Metrics)[];

export const ALL_METRIC_NAMES = [...METRIC_NAMES, ...EXTRA_METRIC_NAMES] as const;

export const UNDEFINED_METRICS: Metrics = {
  imageAuroc: null,
  imageAp: null,
  imageF1Max: null,
  pixelAuroc: null,
  pixelAp: null,
  pixelF1Max: null,
  aupro30: null,
  aupro05: null,
  pixelIouMax: null,
  aupimo: null,
};
