/** @file Thresholds of a model version: the profile its bundle came with, the ones made later, and what they mean. */
import { z } from 'zod';
import { lookUp } from './names.ts';

/**
 * Share of further normal images at or above a threshold, simulated from what the held-out scores leave open: the mean,
 * and the range of 90 % of the simulations.
 */
export const simulatedRateSchema = z.object({
  rate: z.number().min(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
});
export type SimulatedRate = z.infer<typeof simulatedRateSchema>;

/** Cuts on the image score. `>= imageThreshold` is anomalous. */
export const thresholdSchema = z.object({
  imageThreshold: z.number(),
  /** At or above it and below `imageThreshold`: normal, but uncertain. Absent: there is no uncertain band. */
  uncertainThreshold: z.number().optional(),
  /** Cut on the anomaly map, for the heatmap's scale. */
  pixelThreshold: z.number(),
  /** Image scores of normal training images, each by a fit without it (`scoresFrom` of the profile), ascending. */
  heldOutScores: z.array(z.number()),
  /** Absent in profiles of before, and where nothing is known of how scores spread. Of `pooled`: the mean over the categories. */
  simulated: simulatedRateSchema.optional(),
});
export type Threshold = z.infer<typeof thresholdSchema>;

/**
 * How normal training images came to be scored by a fit without them. `heldOut`: some were kept out of the one fit there
 * is. `crossFit`: the model is fitted to all, and each was scored by a further fit that lacked it.
 */
export const normalScoresSchema = z.enum(['heldOut', 'crossFit']);
export type NormalScores = z.infer<typeof normalScoresSchema>;

export const thresholdProfileSchema = z.object({
  /** In words, with the target false-alarm rate. */
  rule: z.string(),
  /** Null where the thresholds were set by hand. */
  falseAlarmTarget: z.number().min(0).max(1).nullable(),
  /** False-alarm target of the lower end of the uncertain band. */
  uncertainTarget: z.number().min(0).max(1).optional(),
  /** Absent in bundles of 0.1, whose scores are of held-out images. */
  scoresFrom: normalScoresSchema.optional(),
  /** Of images of all categories, each by its own threshold: the mean over the categories. */
  simulated: simulatedRateSchema.optional(),
  pooled: thresholdSchema,
  /** Categories with scores. One that was trained on and isn't here has a single normal image: it takes `pooled`. */
  categories: z.record(z.string(), thresholdSchema),
});
export type ThresholdProfile = z.infer<typeof thresholdProfileSchema>;

/** The category's own, or the pooled one. */
export function thresholdOf({ pooled, categories }: ThresholdProfile, category: string): Threshold {
  return lookUp(categories, category) ?? pooled;
}

/** Two cuts set by hand; without the second there is no uncertain band. */
export const explicitThresholdSchema = z.object({
  imageThreshold: z.number(),
  uncertainThreshold: z.number().optional(),
});
export type ExplicitThreshold = z.infer<typeof explicitThresholdSchema>;

export const MAX_NOTE = 500;
const note = z.string().trim().max(MAX_NOTE, `A note has at most ${MAX_NOTE} characters.`);

/** How a profile is made: by a rule from the held-out normal scores, or by hand. Never from the test split. */
export const thresholdChoiceSchema = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('rule'),
    /** Name of a rule of `packages/eval`; the default one when absent. */
    rule: z.string().min(1).optional(),
    falseAlarmTarget: z.number().gt(0).lt(1),
    /** Larger than `falseAlarmTarget`: normal images in the band are fewer than these and more than those. */
    uncertainTarget: z.number().gt(0).lt(1).optional(),
    /** `category`: each its own threshold; `pooled`: one threshold for all. */
    scope: z.enum(['category', 'pooled']).default('category'),
    note: note.default(''),
  }),
  z.object({
    by: z.literal('hand'),
    /** Categories that are not named keep the thresholds of the active profile. */
    categories: z.record(z.string(), explicitThresholdSchema).default({}),
    pooled: explicitThresholdSchema.optional(),
    note: note.min(1, 'Write a note that says why you chose these values.'),
  }),
]);
export type ThresholdChoice = z.infer<typeof thresholdChoiceSchema>;

export const thresholdProfileVersionSchema = z.object({
  /** 1 is the profile of the bundle. */
  version: z.number().int().positive(),
  active: z.boolean(),
  /** Null for the bundle's own. */
  choice: thresholdChoiceSchema.nullable(),
  note: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  profile: thresholdProfileSchema,
});
export type ThresholdProfileVersion = z.infer<typeof thresholdProfileVersionSchema>;

export const thresholdHistorySchema = z.object({
  /** Newest first. */
  profiles: z.array(thresholdProfileVersionSchema),
  /** Which profile began to serve when, newest first; the bundle's own serves from the start. */
  activations: z.array(z.object({ version: z.number().int(), at: z.string(), by: z.string() })),
});
export type ThresholdHistory = z.infer<typeof thresholdHistorySchema>;

/** Counts of test images under a profile. */
export const thresholdCountsSchema = z.object({
  normal: z.number().int(),
  /** Normal images at or above the image threshold. */
  falseAlarms: z.number().int(),
  /** Normal images in the uncertain band. */
  normalInBand: z.number().int(),
  anomalous: z.number().int(),
  /** Anomalous images below the image threshold and not in the band. */
  missed: z.number().int(),
  anomalousInBand: z.number().int(),
  defectTypes: z.record(
    z.string(),
    z.object({
      images: z.number().int(),
      missed: z.number().int(),
      inBand: z.number().int(),
    }),
  ),
});
export type ThresholdCounts = z.infer<typeof thresholdCountsSchema>;

/** What a profile means on the test split: for information, never for choosing. */
export const thresholdEffectSchema = z.object({
  total: thresholdCountsSchema,
  categories: z.record(z.string(), thresholdCountsSchema),
});
export type ThresholdEffect = z.infer<typeof thresholdEffectSchema>;

/** A profile that is not stored yet, with its effect. */
export const thresholdPreviewSchema = z.object({
  profile: thresholdProfileSchema,
  effect: thresholdEffectSchema,
});
export type ThresholdPreview = z.infer<typeof thresholdPreviewSchema>;
