/** @file Promotion: which version of a model answers predictions, what it replaces, and the two side by side. */
import { z } from 'zod';
import { metricsSchema } from './metrics/metric-values.ts';
import { modelVersionSchema } from './model-version.ts';
import { protocolDifferenceSchema } from './protocol.ts';

/** The version that answers predictions now. */
export const promotionSchema = modelVersionSchema.extend({
  /** The version that answered until now; null when none did. Promoting it again takes the promotion back. */
  replaced: z.number().int().nullable(),
});
export type Promotion = z.infer<typeof promotionSchema>;

/** A version began to serve. */
export const promotionEventSchema = z.object({
  version: z.number().int(),
  /** The one that served before; null when none did. */
  replaced: z.number().int().nullable(),
  /** Who promoted it. */
  by: z.string(),
  at: z.string(),
});
export type PromotionEvent = z.infer<typeof promotionEventSchema>;

/** What decides whether a version should serve. */
export const promotionCandidateSchema = z.object({
  version: z.number().int(),
  createdAt: z.string(),
  datasetVersion: z.string(),
  protocol: z.string(),
  method: z.string(),
  preset: z.string(),
  backbone: z.string(),
  mean: metricsSchema,
  /** Why its results can't be ranked, in sentences; null when they can. */
  barred: z.string().nullable(),
  /** What its thresholds rest on, where that is little; sentences. */
  thresholdNotes: z.array(z.string()),
});
export type PromotionCandidate = z.infer<typeof promotionCandidateSchema>;

/** What a promotion would change. Nothing is changed by asking. */
export const promotionPreviewSchema = z.object({
  /** The version that serves; null when none does. */
  from: promotionCandidateSchema.nullable(),
  to: promotionCandidateSchema,
  /** Whether the metrics of the two were taken on the same images in the same way. */
  comparable: z.boolean(),
  /** Why they were not: the fields that differ. */
  differences: z.array(protocolDifferenceSchema),
});
export type PromotionPreview = z.infer<typeof promotionPreviewSchema>;
