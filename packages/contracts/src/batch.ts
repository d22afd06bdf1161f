/** @file Many images that one model version inspects by a job: what is asked for, how far it is, and what came of each image. */
import { z } from 'zod';
import { jobStatusSchema } from './dataset.ts';
import { splitSchema } from './dataset-sample.ts';
import { errorBodySchema } from './error-body.ts';
import { modelReferenceSchema } from './model-alias.ts';
import { MAX_NUMBER, nameSchema } from './names.ts';
import { predictionSchema } from './prediction.ts';

const versionNumber = z.number().int().positive().max(MAX_NUMBER);

export const batchSourceSchema = z.discriminatedUnion('kind', [
  /** Images of a dataset version; of one split or category where that is named. */
  z.object({
    kind: z.literal('dataset'),
    name: nameSchema,
    /** The latest when absent. */
    version: versionNumber.optional(),
    split: splitSchema.optional(),
    category: z.string().min(1).optional(),
  }),
  /** Of a finished resumable upload of a .zip; `fileName` is what it is called where it came from, for people to read. */
  z.object({
    kind: z.literal('upload'),
    uploadId: z.string().min(1),
    fileName: z.string().trim().min(1).max(255).optional(),
  }),
]);
export type BatchSource = z.infer<typeof batchSourceSchema>;

const askedOfImages = z.object({
  /**
   * Of all images: its thresholds are used, `pooled` is one threshold for all. When absent, images of a dataset have their own
   * category where the model knows it; that of the others is found from the image.
   */
  category: z.string().min(1).optional(),
  /** Also say where the anomaly map reaches the pixel threshold. */
  regions: z.boolean().default(false),
  source: batchSourceSchema,
});

export const startBatchInput = askedOfImages.extend({
  model: modelReferenceSchema,
  /** The promoted one when absent, and where no alias or version is named with the model. */
  version: versionNumber.optional(),
});
export type StartBatchRequest = z.input<typeof startBatchInput>;
export type StartBatchInput = z.output<typeof startBatchInput>;

/** What was asked for, with all numbers settled: whatever is promoted, named otherwise or activated meanwhile, all images are judged alike. */
export const batchOrderSchema = askedOfImages.extend({
  model: nameSchema,
  version: versionNumber,
  thresholdProfile: z.number().int().positive(),
});
export type BatchOrder = z.infer<typeof batchOrderSchema>;

export const batchSchema = batchOrderSchema.extend({
  id: z.string(),
  /** Who started it, as the audit log names them. */
  startedBy: z.string(),
  status: jobStatusSchema,
  /** Images done so far and in all; null before the source is known. */
  checked: z.number().int(),
  total: z.number().int().nullable(),
  anomalous: z.number().int(),
  /** Of the normal ones. */
  uncertain: z.number().int(),
  /** Images that could not be inspected: their results say why. */
  failed: z.number().int(),
  /** By the pace so far; null while it is not known, and once it has ended. */
  etaSeconds: z.number().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Results are kept until then; null while it goes on. */
  keptUntil: z.string().nullable(),
  error: errorBodySchema.nullable(),
});
export type Batch = z.infer<typeof batchSchema>;

/** What one inspection of a batch says: a prediction without what is of its request alone. */
export const batchPredictionSchema = predictionSchema.omit({
  inspection: true,
  heatmap: true,
  mask: true,
});

/** Path in the dataset or archive. */
const imageSchema = z.string();

/** One image, in the order of the source. */
export const batchResultSchema = z.union([
  batchPredictionSchema.extend({
    image: imageSchema,
    /** Its address: it is made when it is asked for. */
    heatmap: z.string(),
    error: z.null(),
  }),
  /** It could not be inspected. */
  z.object({ image: imageSchema, heatmap: z.null(), error: errorBodySchema }),
]);
export type BatchResult = z.infer<typeof batchResultSchema>;

export const BATCH_FORMATS = ['jsonl', 'csv'] as const;
export type BatchFormat = (typeof BATCH_FORMATS)[number];

/** Where the source is, in words. */
export function batchSourceWords(source: BatchSource): string {
  if (source.kind === 'upload') return source.fileName ?? 'an upload';
  const { name, version, split, category } = source;
  const parts = [
    `${name}${version === undefined ? '' : ` v${version}`}`,
    ...(split === undefined ? [] : [split]),
    ...(category === undefined ? [] : [category]),
  ];
  return parts.join(', ');
}
