/** @file What came of a training run: its metrics beside its board, test images worth a look, and what to know. */
import { z } from 'zod';
import { labelSchema } from './dataset-sample.ts';
import { metricsSchema } from './metrics/metric-values.ts';
import { imageResultSchema } from './model-version.ts';
import { nameSchema } from './names.ts';

/** Why an image was chosen, by the ratio of its score to its threshold. */
export const RESULT_IMAGE_KINDS = ['hardest', 'clearest', 'normal'] as const;

export const resultImageSchema = imageResultSchema.extend({
  /** `hardest`, `clearest`: the anomalous ones of lowest and of highest ratio; `normal`: those of highest ratio. */
  kind: z.enum(RESULT_IMAGE_KINDS),
  /** Of its category, or the pooled one. */
  threshold: z.number(),
  /** `imageScore / threshold`; null for a threshold that is not above 0. */
  scoreRatio: z.number().nullable(),
  predictedLabel: labelSchema,
});
export type ResultImage = z.infer<typeof resultImageSchema>;

export const runResultSchema = z.object({
  run: z.string(),
  model: nameSchema,
  modelVersion: z.number().int(),
  /** Whether the version answers predictions. */
  promoted: z.boolean(),
  /** The version that does; null when none does. */
  promotedVersion: z.number().int().nullable(),
  dataset: nameSchema,
  datasetVersion: z.string(),
  /** Name and key of the protocol that it was evaluated under. */
  protocol: z.string(),
  protocolKey: z.string(),
  mean: metricsSchema,
  /** Why its results can't be ranked, in sentences; null when they can. */
  barred: z.string().nullable(),
  /** Rows of its board, itself included: the same dataset version and protocol. */
  rows: z.number().int(),
  /** Its place among them by mean image AUROC, equal ones sharing one; null when it is barred. */
  place: z.number().int().positive().nullable(),
  /** The best other row of its board; null when there is none. */
  best: z
    .object({ model: nameSchema, modelVersion: z.number().int(), mean: metricsSchema })
    .nullable(),
  /** What its thresholds rest on, where that is little; sentences. */
  thresholdNotes: z.array(z.string()),
  /** What the run's log warns of. */
  warnings: z.array(z.string()),
  /** At most six, two of each kind. */
  images: z.array(resultImageSchema),
});
export type RunResult = z.infer<typeof runResultSchema>;
