/** @file Somebody else's results: per-image scores and maps, evaluated here under a stated protocol. */
import { z } from 'zod';
import { jobStatusSchema } from './dataset.ts';
import { errorBodySchema } from './error-body.ts';
import { MAX_NUMBER, nameSchema } from './names.ts';

export const resultSourceSchema = z.discriminatedUnion('kind', [
  /** A folder, .npz or .zip on the server's own disk. */
  z.object({ kind: z.literal('path'), path: z.string().min(1) }),
  /** A finished resumable upload; `fileName` is what the file is called where it came from, for people to read. */
  z.object({
    kind: z.literal('upload'),
    uploadId: z.string().min(1),
    fileName: z.string().trim().min(1).max(255).optional(),
  }),
]);
export type ResultSource = z.infer<typeof resultSourceSchema>;

export const importResultsInput = z.object({
  dataset: nameSchema,
  /** Number of its version; the latest when absent. */
  datasetVersion: z.number().int().positive().max(MAX_NUMBER).optional(),
  /** Name of the model that gets the new version. */
  model: nameSchema,
  /** Name of the protocol that the scores and maps were made under. */
  protocol: z
    .string()
    .regex(
      /^plumbline-[1-9]\d{1,3}$/,
      'Use plumbline-256, or plumbline-<size> for maps of another size.',
    )
    .default('plumbline-256'),
  /** What made the scores, such as `EfficientAD (anomalib 2.1)`. */
  method: z.string().trim().min(1).max(100).default('external'),
  /** The seed that the results were made with. */
  seed: z.number().int().min(0).max(MAX_NUMBER).default(0),
  note: z.string().trim().max(500).default(''),
  /** `refuse` maps of another size than the protocol's, or resize them bilinearly. */
  mapResize: z.enum(['refuse', 'bilinear']).default('refuse'),
  source: resultSourceSchema,
});
export type ImportResultsInput = z.infer<typeof importResultsInput>;

export const resultImportSchema = z.object({
  id: z.string(),
  dataset: nameSchema,
  model: nameSchema,
  status: jobStatusSchema,
  /** Images read so far and in all; null before the source is known. */
  checked: z.number().int(),
  total: z.number().int().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  error: errorBodySchema.nullable(),
  /** Set once it succeeded. */
  modelVersion: z.number().int().nullable(),
});
export type ResultImport = z.infer<typeof resultImportSchema>;
