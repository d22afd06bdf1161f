/** @file What an evaluation says beyond the metrics: how sure they are, how categories fare together, and what is wrong with it. */
import { z } from 'zod';
import { metricNameSchema } from './metrics/metric-values.ts';
import { undefinedCodesSchema } from './metrics/undefined-reason.ts';

/** Null where the metric is undefined. */
export const intervalSchema = z.object({ low: z.number(), high: z.number() }).nullable();
export type Interval = z.infer<typeof intervalSchema>;

const intervalsByMetric = z.partialRecord(metricNameSchema, intervalSchema);

export const intervalsSchema = z.object({
  /**
   * `score`: Wilson's score interval with the effective number of images. Absent in results of before: percentiles of the
   * resampled values, too narrow near 1.
   */
  method: z.enum(['score']).optional(),
  /** Behind the variances of pixel metrics. Absent in results of before: the resamples, as for image metrics. */
  pixelVariance: z.enum(['jackknife']).optional(),
  /** How often the interval holds what it is of, such as 0.95. */
  confidence: z.number(),
  /** Of the images, stratified by category and label, behind the variances of image AP and F1-max. */
  resamples: z.number().int(),
  seed: z.number().int(),
  mean: intervalsByMetric,
  categories: z.record(z.string(), intervalsByMetric),
});
export type Intervals = z.infer<typeof intervalsSchema>;

/** All test images of all categories ranked together: what one threshold for everything would give. */
export const pooledMetricsSchema = z.object({
  imageAuroc: z.number().nullable(),
  imageAp: z.number().nullable(),
  imageF1Max: z.number().nullable(),
  /** Mean over categories of the F1 at the one threshold that is best for all together. */
  meanF1AtPooledThreshold: z.number().nullable(),
  /** Mean imageF1Max of the categories minus `meanF1AtPooledThreshold`: what a common threshold costs. */
  calibrationGap: z.number().nullable(),
});
export type PooledMetrics = z.infer<typeof pooledMetricsSchema>;

/** A check before a result may enter a leaderboard. A barred row is shown, with its reason, and not ranked. */
export const evaluationCheckSchema = z.object({
  name: z.enum([
    'same-image-across-splits',
    'near-same-image-across-splits',
    'test-image-in-training',
    'too-few-images',
    'image-scores-of-maps',
    'images-beyond-the-dataset',
  ]),
  /** `not checked`: of some category nothing can be said, and nothing was found in the others. */
  status: z.enum(['passed', 'not checked', 'marked', 'barred']),
  /** One sentence; names the files or the category when it did not pass. */
  message: z.string(),
  files: z.array(z.string()),
});
export type EvaluationCheck = z.infer<typeof evaluationCheckSchema>;

export const evaluationReportSchema = z.object({
  /** How pixel metrics were computed; `histogram` as soon as one category has too many pixels to be ranked exactly. */
  pixelMethod: z.enum(['exact', 'histogram']),
  /** By category from a histogram: at most how far each metric is from `exact`. Absent in results of before: not known. */
  pixelErrorBounds: z
    .record(z.string(), z.partialRecord(metricNameSchema, z.number().min(0).max(1).nullable()))
    .optional(),
  /** Number of categories where each metric is defined. A metric that the evaluator did not know yet is absent. */
  definedOver: z.partialRecord(metricNameSchema, z.number().int()),
  /** Why metrics are undefined. Absent in bundles of before evaluators said so. */
  undefinedCodes: undefinedCodesSchema.optional(),
  pooled: pooledMetricsSchema,
  intervals: intervalsSchema,
  checks: z.array(evaluationCheckSchema),
  /** Regions of masks that the resize would have lost, and the test images that have such; absent where none has. */
  keptRegions: z.object({ regions: z.number().int(), images: z.number().int() }).optional(),
});
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
