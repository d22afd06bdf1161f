/** @file Inspected images that are kept, by choice: which ones, how many, and what is known of each. */
import { z } from 'zod';
import { inspectionSchema, type OperatorVerdict, operatorVerdictSchema } from './monitoring.ts';
import { MAX_NUMBER, nameSchema, sha256Schema } from './names.ts';

/** `anomalousOrClose`: labeled anomalous, uncertain, or with a score not far below the threshold. */
export const keptKindSchema = z.enum(['none', 'anomalousOrClose', 'everyNth', 'all']);
export type KeptKind = z.infer<typeof keptKindSchema>;

export const KEPT_KIND_WORDS: Readonly<Record<KeptKind, string>> = {
  none: 'none',
  anomalousOrClose: 'anomalous, or close to the threshold',
  everyNth: 'every n-th image',
  all: 'all',
};

/** Of one model. Beyond a limit the oldest go first, those with a wrong verdict last. */
export const keepingSchema = z.object({
  keep: keptKindSchema.default('none'),
  /** Of `anomalousOrClose`: a score from this share of the threshold on is close to it. */
  closeFrom: z.number().min(0).max(1).default(0.8),
  /** Of `everyNth`. */
  every: z.number().int().min(1).max(1_000_000).default(100),
  maxImages: z.number().int().min(1).max(100_000).default(1_000),
  maxBytes: z.number().int().min(1_000_000).max(10_000_000_000_000).default(2_000_000_000),
  maxDays: z.number().int().min(1).max(3_650).default(30),
});
export type Keeping = z.infer<typeof keepingSchema>;

export const NO_KEEPING: Keeping = keepingSchema.parse({});

export const setKeepingInput = keepingSchema.extend({ name: nameSchema });
export type SetKeepingInput = z.infer<typeof setKeepingInput>;

export const keptImageSchema = inspectionSchema.omit({ id: true, image: true }).extend({
  /** Of the inspection. */
  id: z.uuid(),
  image: sha256Schema,
  bytes: z.number().int(),
  /** The dataset that it was added to; null for none. */
  addedTo: nameSchema.nullable(),
});
export type KeptImage = z.infer<typeof keptImageSchema>;

/** `wrong`: a false alarm or a missed defect. `unjudged`: nobody has said anything. */
export const keptVerdictSchema = z.enum(['wrong', ...operatorVerdictSchema.options, 'unjudged']);
export type KeptVerdict = z.infer<typeof keptVerdictSchema>;

export const MOST_KEPT_LISTED = 500;

export const listKeptImagesInput = z.object({
  name: nameSchema,
  /** Of all versions when absent. */
  version: z.number().int().positive().max(MAX_NUMBER).optional(),
  category: z.string().min(1).optional(),
  verdict: keptVerdictSchema.optional(),
  limit: z.number().int().min(1).max(MOST_KEPT_LISTED).default(100),
});
export type ListKeptImagesInput = z.infer<typeof listKeptImagesInput>;

export const keptImagesSchema = z.object({
  keeping: keepingSchema,
  /** Of the model, whatever was asked for. */
  total: z.object({ images: z.number().int(), bytes: z.number() }),
  /** Newest first. */
  images: z.array(keptImageSchema),
});
export type KeptImages = z.infer<typeof keptImagesSchema>;

/** What the verdict says that the image is: the label itself where it was right. Null without a verdict. */
export function labelByVerdict({
  predictedLabel,
  verdict,
}: {
  readonly predictedLabel: 'normal' | 'anomalous';
  readonly verdict: OperatorVerdict | null;
}): 'normal' | 'anomalous' | null {
  if (verdict === null) return null;
  if (verdict === 'right') return predictedLabel;
  return verdict === 'falseAlarm' ? 'normal' : 'anomalous';
}
