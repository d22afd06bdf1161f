/** @file What is recorded of inspections, what an operator says of them, and how far they have drifted from the reference. */
import { z } from 'zod';
import { labelSchema } from './dataset-sample.ts';
import { MAX_NUMBER, nameSchema, sha256Schema } from './names.ts';

/** How an image looks, whatever is in it: what a lamp, a lens or a camera changes. */
export const imageLookSchema = z.object({
  width: z.number().int(),
  height: z.number().int(),
  /** Mean luma (ITU-R BT.601), 0 to 255. */
  brightness: z.number(),
  /** Variance of the Laplacian of the luma, of the image at 256 pixels along its longer side: lower is blurred. */
  sharpness: z.number(),
});
export type ImageLook = z.infer<typeof imageLookSchema>;

const versionNumber = z.number().int().positive().max(MAX_NUMBER);

/** `right`: the label was. `falseAlarm`: labeled anomalous, but normal. `missedDefect`: labeled normal, but anomalous. */
export const operatorVerdictSchema = z.enum(['right', 'falseAlarm', 'missedDefect']);
export type OperatorVerdict = z.infer<typeof operatorVerdictSchema>;

export const OPERATOR_VERDICT_WORDS: Readonly<Record<OperatorVerdict, string>> = {
  right: 'right',
  falseAlarm: 'false alarm',
  missedDefect: 'missed defect',
};

export const inspectionSchema = z.object({
  /** Null for one that was recorded before inspections had ids: it can't be judged. */
  id: z.uuid().nullable(),
  at: z.string(),
  version: z.number().int(),
  /** Null where the pooled threshold was asked for. */
  category: z.string().nullable(),
  imageScore: z.number(),
  threshold: z.number(),
  predictedLabel: labelSchema,
  uncertain: z.boolean(),
  /** Null in what was recorded before sizes were, as brightness and sharpness. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  brightness: z.number().nullable(),
  sharpness: z.number().nullable(),
  /** What an operator said of it; null: nothing yet. */
  verdict: operatorVerdictSchema.nullable(),
  verdictBy: z.string().nullable(),
  /** SHA-256 of the image where it is kept. */
  image: sha256Schema.nullable(),
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** At most: a chart has no more places, and an answer no more bytes. */
export const MOST_INSPECTIONS = 1_000;

export const listInspectionsInput = z.object({
  name: nameSchema,
  /** The promoted one when absent. */
  version: versionNumber.optional(),
  category: z.string().min(1).optional(),
  label: labelSchema.optional(),
  limit: z.number().int().min(1).max(MOST_INSPECTIONS).default(100),
});
export type ListInspectionsInput = z.infer<typeof listInspectionsInput>;

export const judgeInspectionInput = z.object({
  /** Of a prediction's answer. */
  id: z.uuid(),
  /** Null takes back what was said. */
  verdict: operatorVerdictSchema.nullable(),
});
export type JudgeInspectionInput = z.infer<typeof judgeInspectionInput>;

/** A share of judged images with its 95 % interval; null where nothing was judged. */
const observedShareSchema = z
  .object({ share: z.number(), low: z.number(), high: z.number() })
  .nullable();
export type ObservedShare = z.infer<typeof observedShareSchema>;

/** What operators said of the inspections of a category. */
export const verdictCountsSchema = z.object({
  category: z.string().nullable(),
  /** Judged among those that were labeled anomalous, and how many of these were normal. */
  judgedAlarms: z.number().int(),
  falseAlarms: z.number().int(),
  falseAlarmShare: observedShareSchema,
  /** Judged among those that were labeled normal, and how many of these were anomalous. */
  judgedPassed: z.number().int(),
  missedDefects: z.number().int(),
  missedShare: observedShareSchema,
});
export type VerdictCounts = z.infer<typeof verdictCountsSchema>;

export const driftStateSchema = z.enum(['ok', 'warning', 'drifted', 'notEnough']);
export type DriftState = z.infer<typeof driftStateSchema>;

export const DRIFT_STATE_WORDS: Readonly<Record<DriftState, string>> = {
  ok: 'ok',
  warning: 'warning',
  drifted: 'drifted',
  notEnough: 'not enough images yet',
};

/** The usual cuts of the PSI (N. Siddiqi, 2006), each with the p-value that the change has to be below as well. */
export const DRIFT_CUTS = {
  warning: { psi: 0.1, pValue: 1e-3 },
  drifted: { psi: 0.25, pValue: 1e-4 },
} as const;

/** `size`: the image's width times its height. */
export const driftFeatureSchema = z.enum(['score', 'brightness', 'sharpness', 'size']);
export type DriftFeature = z.infer<typeof driftFeatureSchema>;

/**
 * What inspections are compared with. `heldOut`: scores of normal training images by fits without them, which the thresholds rest
 * on. `training`: normal training images. `firstInspections`: of the version, where its training images are not known.
 */
export const driftReferenceSchema = z.enum(['heldOut', 'training', 'firstInspections']);
export type DriftReference = z.infer<typeof driftReferenceSchema>;

export const featureDriftSchema = z.object({
  feature: driftFeatureSchema,
  state: driftStateSchema,
  /** Population stability index; null while there are not enough images, as the numbers below. */
  psi: z.number().nullable(),
  /** Statistic of the two-sample Kolmogorov-Smirnov test, and its p-value. */
  ks: z.number().nullable(),
  pValue: z.number().nullable(),
  reference: driftReferenceSchema,
  referenceImages: z.number().int(),
  referenceMedian: z.number().nullable(),
  /** In the window. */
  images: z.number().int(),
  median: z.number().nullable(),
  /** Images that are missing until it can be said. */
  missing: z.object({ reference: z.number().int(), inspections: z.number().int() }),
});
export type FeatureDrift = z.infer<typeof featureDriftSchema>;

export const categoryDriftSchema = z.object({
  /** Null: inspections that asked for the pooled threshold. */
  category: z.string().nullable(),
  state: driftStateSchema,
  since: z.string(),
  checkedAt: z.string(),
  features: z.array(featureDriftSchema),
});
export type CategoryDrift = z.infer<typeof categoryDriftSchema>;

/** The state of a category became another. */
export const driftEventSchema = z.object({
  at: z.string(),
  category: z.string().nullable(),
  from: driftStateSchema,
  to: driftStateSchema,
  /** Those that are in the new state. */
  features: z.array(driftFeatureSchema),
});
export type DriftEvent = z.infer<typeof driftEventSchema>;

/** Of each category the last so many inspections of the last so many days. */
export const driftWindowSchema = z.object({
  inspections: z.number().int(),
  days: z.number().int(),
});
export type DriftWindow = z.infer<typeof driftWindowSchema>;

export const modelMonitoringSchema = z.object({
  model: nameSchema,
  version: z.number().int(),
  promoted: z.boolean(),
  window: driftWindowSchema,
  /** By the last check, the worst first; empty before the first one. */
  drift: z.array(categoryDriftSchema),
  /** Newest first, at most 50. */
  events: z.array(driftEventSchema),
  /** Of all judged inspections that are kept, of categories with any. */
  verdicts: z.array(verdictCountsSchema),
});
export type ModelMonitoring = z.infer<typeof modelMonitoringSchema>;

export const monitoredVersionInput = z.object({
  name: nameSchema,
  /** The promoted one when absent. */
  version: versionNumber.optional(),
});
export type MonitoredVersionInput = z.infer<typeof monitoredVersionInput>;

/** The body of the webhook; `id` is the same when it is sent again. */
export const driftWebhookSchema = z.object({
  type: z.literal('drift.changed'),
  id: z.uuid(),
  model: nameSchema,
  version: z.number().int(),
  ...driftEventSchema.shape,
  /** All of it in words. */
  text: z.string(),
  /** Path of the page of the dashboard that shows it. */
  page: z.string(),
  /** What `features` names. `limit`: the PSI from which the state begins, or below which an `ok` one stays; null in `notEnough`. */
  measured: z.array(featureDriftSchema.extend({ limit: z.number().nullable() })),
});
export type DriftWebhook = z.infer<typeof driftWebhookSchema>;
