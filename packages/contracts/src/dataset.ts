/** @file Datasets: immutable versions of samples, and what an import reports. */
import { z } from 'zod';
import {
  datasetEditSchema,
  filesSourceSchema,
  pathSourceSchema,
  uploadSourceSchema,
} from './dataset-edit.ts';
import { datasetMappingSchema } from './dataset-mapping.ts';
import { labelSchema, sampleSchema, splitSchema } from './dataset-sample.ts';
import { madeSplitSchema, splitRuleSchema } from './dataset-split.ts';
import { errorBodySchema } from './error-body.ts';
import { ignoreRegionsSchema } from './ignore-regions.ts';
import { MAX_NUMBER, nameSchema, sha256Schema } from './names.ts';
import { nearDuplicatesSchema } from './near-duplicates.ts';
import { givenProvenanceSchema, provenanceSchema } from './provenance.ts';
import { valueRangeSchema } from './value-range.ts';

const sizeSchema = z.object({ width: z.number().int(), height: z.number().int() });

/** Of images that there are, in pixels. */
export const imageSizesSchema = z.object({
  /** How many different sizes. */
  different: z.number().int(),
  /** By area. */
  smallest: sizeSchema,
  largest: sizeSchema,
});
export type ImageSizes = z.infer<typeof imageSizesSchema>;

export const categorySummarySchema = z.object({
  name: z.string(),
  train: z.number().int(),
  testNormal: z.number().int(),
  testAnomalous: z.number().int(),
  masks: z.number().int(),
  defectTypes: z.array(z.object({ name: z.string(), samples: z.number().int() })),
  /** Least and most along each side, pixels: no image needs to have both. */
  minWidth: z.number().int(),
  minHeight: z.number().int(),
  maxWidth: z.number().int(),
  maxHeight: z.number().int(),
  /** Absent in reports of before. */
  sizes: imageSizesSchema.optional(),
  /** Of its images with more than 8 bits; absent where it has none. */
  range: valueRangeSchema.optional(),
  /**
   * Shares of the image that the smallest masks mark, ascending, those above 0 only; at most 200, below 1 in 1000.
   * Absent where there are none, and in reports of 0.1.
   */
  smallMasks: z.array(z.number()).optional(),
});
export type CategorySummary = z.infer<typeof categorySummarySchema>;

/** Something worth knowing that does not stop an import. */
export const importWarningSchema = z.object({
  code: z.enum([
    'NO_MASKS',
    'SOME_MASKS_MISSING',
    'IDENTICAL_IMAGES',
    'NO_ANOMALOUS',
    'NO_TEST_NORMAL',
    'FEW_TRAIN',
    'EMPTY_MASK',
    'SMALL_MASKS',
    'MASKS_CUT',
    'MASKS_TOLD',
    'FEW_LEVELS',
    'TRANSPARENT',
    'NEAR_DUPLICATES',
    'IGNORED_FILES',
    'TAKEN_AS_NORMAL',
    'VALIDATION_TRAINED',
    'ANOMALIES_MOVED',
    'LEFT_OUT',
    'SPLIT_MADE',
  ]),
  category: z.string().nullable(),
  message: z.string(),
});
export type ImportWarning = z.infer<typeof importWarningSchema>;

export const importReportSchema = z.object({
  layout: z.string(),
  images: z.number().int(),
  /** Bytes of the distinct images and masks. */
  bytes: z.number().int(),
  categories: z.array(categorySummarySchema),
  /** Groups of files with the same bytes. */
  identicalImages: z.array(z.object({ sha256: sha256Schema, files: z.array(z.string()) })),
  /** Absent in reports of 0.1. */
  nearDuplicates: nearDuplicatesSchema.optional(),
  /** Absent where the files come with a split. */
  split: madeSplitSchema.optional(),
  warnings: z.array(importWarningSchema),
});
export type ImportReport = z.infer<typeof importReportSchema>;

export const datasetSummarySchema = z.object({
  name: nameSchema,
  version: z.number().int(),
  /** `versionLabel(version, hash)`. */
  datasetVersion: z.string(),
  hash: sha256Schema,
  createdAt: z.string(),
  images: z.number().int(),
  bytes: z.number().int(),
  categories: z.number().int(),
  /** A few image hashes to show as a preview. */
  preview: z.array(sha256Schema),
});
export type DatasetSummary = z.infer<typeof datasetSummarySchema>;

export const datasetDetailSchema = datasetSummarySchema.extend({
  report: importReportSchema,
  /** Of the dataset, whatever its version. */
  provenance: provenanceSchema,
  /** Of the version, by category. Absent where nothing is ignored. */
  ignore: ignoreRegionsSchema.optional(),
});
export type DatasetDetail = z.infer<typeof datasetDetailSchema>;

/** `small` to try things out, `large` to choose methods and settings by. */
export const sampleSizeSchema = z.enum(['small', 'large']);
export type SampleSize = z.infer<typeof sampleSizeSchema>;

export const importSourceSchema = z.discriminatedUnion('kind', [
  pathSourceSchema,
  uploadSourceSchema,
  /** The procedural sample dataset. */
  z.object({
    kind: z.literal('sample'),
    seed: z.number().int().min(0).max(MAX_NUMBER).default(0),
    /** Default `small`. */
    size: sampleSizeSchema.optional(),
  }),
  /** Changes to the latest version of the dataset of this name. Asked for by `datasets.edit`. */
  datasetEditSchema.extend({ kind: z.literal('edit') }),
]);
export type ImportSource = z.infer<typeof importSourceSchema>;

/** The folders of a source, for whoever has to say what they are. */
export const surveyInput = z.object({
  source: filesSourceSchema,
  /** Of the dataset that an upload becomes. */
  name: nameSchema.optional(),
});
export type SurveyInput = z.infer<typeof surveyInput>;

/** What only whoever imports can know of the files. */
export const importOptionsSchema = z.object({
  /** Of every image with more than 8 bits, in place of what its category's values say. */
  range: valueRangeSchema.optional(),
  /** `inverted`: masks mark what is normal. `as-is`: masks may cover more than half of their image. */
  masks: z.enum(['inverted', 'as-is']).optional(),
  /** Of normal images that come without a split. */
  split: splitRuleSchema.optional(),
  /** What each folder is, instead of the layout that would be recognized. */
  mapping: datasetMappingSchema.optional(),
});
export type DatasetImportOptions = z.infer<typeof importOptionsSchema>;

/** What is kept with an import beside its source. */
export const importRequestSchema = importOptionsSchema.extend({
  /** What is said of the dataset; of an exported one what its list says, where this says nothing. */
  provenance: givenProvenanceSchema.optional(),
});

/** License and source of a dataset, said anew. */
export const updateDatasetInput = givenProvenanceSchema.extend({ name: nameSchema });

export const importDatasetInput = importRequestSchema.extend({
  name: nameSchema,
  source: importSourceSchema,
});
export type ImportDatasetInput = z.infer<typeof importDatasetInput>;

export const jobStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type JobStatus = z.infer<typeof jobStatusSchema>;

export const datasetImportSchema = z.object({
  id: z.string(),
  name: nameSchema,
  status: jobStatusSchema,
  /** Files checked so far and in all; null before the layout is known. Those of the sample dataset are made first: they count twice. */
  checked: z.number().int(),
  total: z.number().int().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  error: errorBodySchema.nullable(),
  /** Set once it succeeded. */
  dataset: datasetDetailSchema.nullable(),
});
export type DatasetImport = z.infer<typeof datasetImportSchema>;

export const listSamplesInput = z.object({
  name: nameSchema,
  /** The latest when absent. */
  version: z.number().int().positive().max(MAX_NUMBER).optional(),
  category: z.string().optional(),
  split: splitSchema.optional(),
  label: labelSchema.optional(),
  defectType: z.string().optional(),
  /** One sample. */
  path: z.string().optional(),
  offset: z.number().int().min(0).max(MAX_NUMBER).default(0),
  limit: z.number().int().min(1).max(200).default(60),
});
export type ListSamplesInput = z.infer<typeof listSamplesInput>;

export const samplePageSchema = z.object({
  total: z.number().int(),
  samples: z.array(sampleSchema),
});
export type SamplePage = z.infer<typeof samplePageSchema>;
