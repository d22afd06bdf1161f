/** @file What one inspection answers. */
import { z } from 'zod';
import { anomalousRegionSchema } from './anomalous-region.ts';
import { labelSchema } from './dataset-sample.ts';
import { errorBodySchema } from './error-body.ts';
import { heatmapScaleSchema } from './heatmap.ts';
import { ignorePolygonsSchema } from './ignore-regions.ts';
import { nameSchema } from './names.ts';

/** In place of a category's name: the one threshold for all categories. */
export const POOLED = 'pooled';

export const categoryCandidateSchema = z.object({
  category: z.string(),
  /** Share of the votes of the nearest training images, 0 to 1. */
  confidence: z.number().min(0).max(1),
});
export type CategoryCandidate = z.infer<typeof categoryCandidateSchema>;

export const predictionSchema = z.object({
  /** Of this inspection: what an operator says of it names it. */
  inspection: z.uuid(),
  model: nameSchema,
  modelVersion: z.number().int(),
  /** Category whose thresholds were used; null when the pooled ones were asked for. */
  category: z.string().nullable(),
  /** `given`: named in the request. `found`: from the image, or the model's only one. */
  categorySource: z.enum(['given', 'found']),
  /** Share of the votes for `category`; null where there was no vote: it was given, or is the model's only one. */
  categoryConfidence: z.number().min(0).max(1).nullable(),
  /** Whether the image may well be of another category: see the candidates and name it. */
  categoryUncertain: z.boolean(),
  /** Most votes first; empty where there was no vote. */
  categoryCandidates: z.array(categoryCandidateSchema),
  /**
   * Whether the image looks like no training image at all: another product, no part, a covered camera. The verdict says little then.
   * Null where that can't be told: too few training images, or an answer or a version of before this was looked at.
   */
  unfamiliar: z.boolean().nullable().default(null),
  /** On the method's own scale, never rescaled. */
  imageScore: z.number(),
  threshold: z.number(),
  /** `imageScore / threshold`: 1 is the threshold, whatever the category. Null for a threshold that is not above 0. */
  scoreRatio: z.number().nullable(),
  predictedLabel: labelSchema,
  /** Version of the threshold profile that was used. */
  thresholdProfile: z.number().int().positive(),
  /** Lower end of the uncertain band; null when the profile has none. */
  uncertainThreshold: z.number().nullable(),
  /** Whether the score lies in the band: below the threshold, but not by enough to be sure. */
  uncertain: z.boolean(),
  /** Share of held-out normal images that score at least as high; null when none were held out. */
  falseAlarmRate: z.number().min(0).max(1).nullable(),
  /** Held-out normal images that the thresholds and that share rest on. */
  heldOutImages: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  /** Where the anomaly map reaches the pixel threshold, the highest score first; null unless asked for. */
  regions: z.array(anomalousRegionSchema).nullable(),
  /** PNG of the anomaly map over the image, base64; only when asked for. */
  heatmap: z.string().nullable(),
  /** PNG of the image's size, base64: white where the anomaly map is at or above the pixel threshold; only when asked for. */
  mask: z.string().nullable(),
  /** Of the heatmap, anomaly-map units: ends of the colors, and the pixel threshold where its contour is drawn. */
  heatmapScale: heatmapScaleSchema,
  /** Regions of `category` that score, map and regions leave out: corners as shares of the image's width and height. */
  ignored: ignorePolygonsSchema,
  /** From decoded request to answer, milliseconds. */
  latencyMs: z.number(),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** Images that one request may have. */
export const MAX_PREDICTED_TOGETHER = 16;

/** Of several images in one request, in their order: one that can't be inspected does not keep the others from it. */
export const predictionsSchema = z.object({
  predictions: z.array(
    z.object({
      /** As the request named it. */
      file: z.string(),
      prediction: predictionSchema.nullable(),
      /** Null where there is a prediction. */
      error: errorBodySchema.nullable(),
    }),
  ),
});
export type Predictions = z.infer<typeof predictionsSchema>;

/** @returns A score as a multiple of its threshold: 1 is the threshold. Null for a threshold that is not above 0. */
export function scoreRatio(imageScore: number, threshold: number): number | null {
  return threshold > 0 ? imageScore / threshold : null;
}

/** `1.42`; never `1.00` for what is below the threshold, nor a number where there is none. */
export function formatRatio(ratio: number | null): string {
  if (ratio === null) return 'undefined';
  if (ratio < 1 && ratio >= 0.995) return (Math.floor(ratio * 1000) / 1000).toFixed(3);
  return ratio.toFixed(Math.abs(ratio) >= 100 ? 0 : 2);
}
