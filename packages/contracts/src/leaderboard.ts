/** @file Leaderboards: model versions on one dataset version under one protocol, ranked. `null` means undefined, never zero. */
import { z } from 'zod';
import { labelSchema } from './dataset-sample.ts';
import { evaluationCheckSchema, intervalSchema, intervalsSchema } from './evaluation.ts';
import { metricNameSchema, metricsSchema } from './metrics/metric-values.ts';
import { nameSchema, sha256Schema } from './names.ts';
import { protocolDifferenceSchema, protocolSchema } from './protocol.ts';

const versionReference = z.object({ model: nameSchema, modelVersion: z.number().int() });

export const leaderboardRowSchema = versionReference.extend({
  /** Rows that a paired test can't tell from the best of their group share a rank; null for a barred row, and for one whose metrics are undefined. */
  rank: z.number().int().positive().nullable(),
  /** Why it is not ranked, in sentences: the messages of its failed checks. */
  barred: z.string().nullable(),
  createdAt: z.string(),
  /** Results of somebody else's model, evaluated here; what it costs is not known. */
  external: z.boolean(),
  method: z.string(),
  backbone: z.string().nullable(),
  preset: z.string(),
  seed: z.number().int(),
  /** That it was trained on: the board's, or one with the same test images. */
  datasetVersion: z.string(),
  /** Rows of one configuration differ in their seeds alone. */
  configuration: z.string(),
  mean: metricsSchema,
  categories: z.record(z.string(), metricsSchema),
  /** Number of categories that each mean is over. A metric that the version did not compute is absent. */
  definedOver: z.partialRecord(metricNameSchema, z.number().int()),
  /** Null where the version was evaluated without. */
  intervals: intervalsSchema.nullable(),
  checks: z.array(evaluationCheckSchema),
  trainSeconds: z.number().nullable(),
  /** Optimizer steps that made it. Null where nothing is trained by steps, or it is not known. */
  steps: z.number().int().nullable(),
  /** Null where nothing was measured. Of one image from its encoded bytes to score and map: decoding, resize, network, upsampling, smoothing. */
  latencyMs: z.object({
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    hardware: z.string().nullable(),
    images: z.number().int(),
  }),
  sizeBytes: z.number().int(),
  /** Elements of the graph's floating-point weights, the backbone's included. Null where it was not recorded. */
  parameters: z.number().int().nullable(),
  /** Largest resident memory of the training process, evaluation included, MB. Null where it was not recorded. */
  peakRssMb: z.number().nullable(),
  /** No row measured on the same hardware has a higher mean image AUROC without being slower, p50. */
  pareto: z.boolean(),
});
export type LeaderboardRow = z.infer<typeof leaderboardRowSchema>;

/** Over the seeds where the metric is defined: mean, and sample standard deviation, null with fewer than two. */
export const seedSpreadSchema = z.object({
  mean: z.number().nullable(),
  spread: z.number().nullable(),
  runs: z.number().int(),
});
export type SeedSpread = z.infer<typeof seedSpreadSchema>;

export const configurationSchema = z.object({
  configuration: z.string(),
  /** Among configurations, over test images and seeds; null where no row of it is ranked. */
  rank: z.number().int().positive().nullable(),
  method: z.string(),
  preset: z.string(),
  backbone: z.string().nullable(),
  /** In words, where other than the preset's. */
  overrides: z.string().nullable(),
  seeds: z.array(z.number().int()),
  /** The newest row of each seed. */
  rows: z.array(versionReference),
  metrics: z.partialRecord(metricNameSchema, seedSpreadSchema),
});
export type Configuration = z.infer<typeof configurationSchema>;

/** Results on the same dataset version that are not comparable, and why; the protocol with most rows first. */
export const otherProtocolSchema = z.object({
  protocol: protocolSchema,
  protocolKey: z.string(),
  differences: z.array(protocolDifferenceSchema),
  rows: z.array(versionReference),
});
export type OtherProtocol = z.infer<typeof otherProtocolSchema>;

/** Why metrics of a category are undefined: "no anomalous test image". */
export const undefinedReasonSchema = z.object({
  category: z.string(),
  metrics: z.array(metricNameSchema),
  reason: z.string(),
});
export type UndefinedReason = z.infer<typeof undefinedReasonSchema>;

export const leaderboardSchema = z.object({
  dataset: nameSchema,
  datasetVersion: z.string(),
  /** The dataset's current version and those that results exist on, newest first. */
  datasetVersions: z.array(z.string()),
  protocol: protocolSchema,
  /** Name and short hash: names the board in a link. */
  protocolKey: z.string(),
  /** How ranks come about, in a sentence. */
  rankRule: z.string(),
  categories: z.array(z.string()),
  /** Ranked rows by rank, then the barred ones. */
  rows: z.array(leaderboardRowSchema),
  configurations: z.array(configurationSchema),
  undefinedReasons: z.array(undefinedReasonSchema),
  otherProtocols: z.array(otherProtocolSchema),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;

/** The board of one protocol in a line. */
export const protocolSummarySchema = z.object({
  /** Name of the protocol. */
  protocol: z.string(),
  /** Name and short hash: names the board in a link. */
  protocolKey: z.string(),
  rows: z.number().int(),
  /** Of the rows that are not barred, the one with the highest mean image AUROC; null when all are. */
  bestModel: z.string().nullable(),
  bestModelVersion: z.number().int().nullable(),
  bestImageAuroc: z.number().min(0).max(1).nullable(),
});
export type ProtocolSummary = z.infer<typeof protocolSummarySchema>;

/** The boards of a dataset's current version. Rows, best model and its score are of the first protocol. */
export const leaderboardSummarySchema = protocolSummarySchema
  .omit({ protocol: true, protocolKey: true, bestModelVersion: true })
  .extend({
    dataset: nameSchema,
    datasetVersion: z.string(),
    /** All that have results, the one with most rows first, of equally full ones that of the newest result. */
    protocols: z.array(protocolSummarySchema),
  });
export type LeaderboardSummary = z.infer<typeof leaderboardSummarySchema>;

/** One board. */
export const boardInput = z.object({
  dataset: nameSchema,
  /** The current one if absent. */
  datasetVersion: z.string().optional(),
  /** Name or key of a protocol; when absent that with most results, of equally full ones that of the newest. */
  protocol: z.string().optional(),
});
export type BoardInput = z.infer<typeof boardInput>;

export const EXPORT_FORMATS = ['json', 'csv', 'markdown', 'latex'] as const;
export const exportFormatSchema = z.enum(EXPORT_FORMATS);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

/** Two rows of one board, written `<model>@<version>`. */
export const comparisonInput = boardInput.extend({
  a: z.string(),
  b: z.string(),
  /** Only images with different predicted labels, or all of them; the most different first. */
  images: z.enum(['disagreeing', 'all']).default('disagreeing'),
  category: z.string().optional(),
  limit: z.number().int().min(0).max(500).default(100),
});
export type ComparisonInput = z.infer<typeof comparisonInput>;

const comparedScoreSchema = z.object({
  /** On the method's own scale. */
  imageScore: z.number(),
  /** Of the category, or the pooled one, in the active threshold profile; null for imported results, which have none. */
  threshold: z.number().nullable(),
  /** `imageScore / threshold`: 1 is the threshold, whatever the category and the method. */
  scoreRatio: z.number().nullable(),
  predictedLabel: labelSchema.nullable(),
  /** Share of the category's test images that score lower, ties one half: what two scales have in common. */
  quantile: z.number().min(0).max(1),
});

export const comparedImageSchema = z.object({
  path: z.string(),
  category: z.string(),
  label: labelSchema,
  defectType: z.string().nullable(),
  sha256: sha256Schema,
  a: comparedScoreSchema,
  b: comparedScoreSchema,
});
export type ComparedImage = z.infer<typeof comparedImageSchema>;

export const pairedDifferenceSchema = z.object({
  metric: metricNameSchema,
  /** a minus b; null where either is undefined. */
  difference: z.number().nullable(),
  interval: intervalSchema,
  pValue: z.number().nullable(),
  /** Which test, and what it says. */
  words: z.string(),
});

export const configurationDifferenceSchema = z.object({
  setting: z.string(),
  a: z.string().nullable(),
  b: z.string().nullable(),
});
export type ConfigurationDifference = z.infer<typeof configurationDifferenceSchema>;

export const comparisonSchema = z.object({
  dataset: nameSchema,
  datasetVersion: z.string(),
  protocol: protocolSchema,
  protocolKey: z.string(),
  a: leaderboardRowSchema,
  b: leaderboardRowSchema,
  test: pairedDifferenceSchema,
  configuration: z.array(configurationDifferenceSchema),
  /** Test images that both scored, by whether their predicted labels differ and who is right. */
  agreement: z.object({
    images: z.number().int(),
    disagreeing: z.number().int(),
    onlyARight: z.number().int(),
    onlyBRight: z.number().int(),
  }),
  images: z.array(comparedImageSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** Whether a run that repeats a model version gave the same numbers. */
export const reproductionSchema = versionReference.extend({
  run: z.string(),
  /** The version that the run published; null before. */
  reproducedAs: z.number().int().nullable(),
  status: z.enum(['waiting', 'failed', 'same', 'different']),
  /** One sentence. */
  message: z.string(),
  largestImageScoreDifference: z.number().nullable(),
  /** Over metrics that both define; null where they differ in nothing but which are undefined. */
  largestMetricDifference: z.number().nullable(),
  metrics: z.array(
    z.object({
      category: z.string().nullable(),
      metric: metricNameSchema,
      before: z.number().nullable(),
      after: z.number().nullable(),
    }),
  ),
});
export type Reproduction = z.infer<typeof reproductionSchema>;
