/** @file The file that travels with an exported dataset: what its folders can't say. */
import { z } from 'zod';
import { sampleSchema } from './dataset-sample.ts';
import { ignoreRegionsSchema } from './ignore-regions.ts';
import { sha256Schema } from './names.ts';
import { provenanceSchema } from './provenance.ts';

/** In the folder that the categories lie in. */
export const EXPORT_FILE = 'plumbline-dataset.json';
export const DATASET_EXPORT_FORMATS = ['zip', 'json', 'csv'] as const;
export type DatasetExportFormat = (typeof DATASET_EXPORT_FORMATS)[number];

export const exportedSampleSchema = z.object({
  /** Relative to the folder of this file. */
  imageFile: z.string(),
  /** PNG, 0 and 255; null without a mask. */
  maskFile: z.string().nullable(),
  /** The mask as it was imported; null where `maskFile` is that. */
  originalMaskFile: z.string().nullable(),
  /** As the version has it. */
  sample: sampleSchema,
});
export type ExportedSample = z.infer<typeof exportedSampleSchema>;

export const datasetExportSchema = z.object({
  format: z.literal('plumbline-dataset'),
  formatVersion: z.literal(1),
  dataset: z.string(),
  datasetVersion: z.string(),
  /** SHA-256 of the version's manifest as canonical JSON: an import of these files has it again. */
  hash: sha256Schema,
  layout: z.string(),
  ...provenanceSchema.shape,
  /** As the version has them. */
  ignore: ignoreRegionsSchema.optional(),
  samples: z.array(exportedSampleSchema),
});
export type DatasetExport = z.infer<typeof datasetExportSchema>;
