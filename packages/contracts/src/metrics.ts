/** @file The metrics and the leaderboard, a contract since 0.1.0. `null` means undefined, never zero. */
import { z } from 'zod';
import { nameSchema } from './names.ts';

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

/** How an image becomes numbers. Two results are comparable only if their protocols are equal. */
export const protocolSchema = z.object({
  name: z.string(),
  imageSizePx: z.number().int().positive(),
  resize: z.string(),
  imageScoreRule: z.string(),
  pixelScoreRule: z.string(),
  maskRule: z.string(),
  evaluationSizePx: z.number().int().positive(),
  epochRule: z.string(),
  mean: z.string(),
});
export type Protocol = z.infer<typeof protocolSchema>;

export const leaderboardRowSchema = z.object({
  rank: z.number().int().positive(),
  model: z.string(),
  modelVersion: z.number().int(),
  method: z.string(),
  backbone: z.string(),
  preset: z.string(),
  seed: z.number().int(),
  mean: metricsSchema,
  categories: z.record(z.string(), metricsSchema),
  /** Results of somebody else's model, evaluated here; what it costs is not known. */
  external: z.boolean().optional(),
  trainSeconds: z.number().nullable(),
  latencyMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable() }),
  sizeBytes: z.number().int(),
});
export type LeaderboardRow = z.infer<typeof leaderboardRowSchema>;

export const leaderboardSchema = z.object({
  dataset: nameSchema,
  datasetVersion: z.string(),
  protocol: protocolSchema,
  rows: z.array(leaderboardRowSchema),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;

export const leaderboardSummarySchema = z.object({
  dataset: nameSchema,
  datasetVersion: z.string(),
  rows: z.number().int(),
  bestModel: z.string().nullable(),
  bestImageAuroc: metric,
});
export type LeaderboardSummary = z.infer<typeof leaderboardSummarySchema>;
