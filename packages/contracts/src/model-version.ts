/** @file Model versions and their bundles: `model.onnx` + `manifest.json` + `card.md`. */
import { z } from 'zod';
import { categoryBankSchema } from './category-bank.ts';
import { labelSchema } from './dataset-sample.ts';
import { DomainError } from './errors.ts';
import { evaluationReportSchema } from './evaluation.ts';
import { heldOutUseSchema } from './held-out-use.ts';
import { ignoreRegionsSchema } from './ignore-regions.ts';
import { executorChoiceSchema } from './machine.ts';
import { metricsSchema } from './metrics/metric-values.ts';
import { modelExtensionSchema } from './model-extension.ts';
import { MAX_NUMBER, nameSchema, sha256Schema } from './names.ts';
import { calibrationSchema } from './precision.ts';
import { protocolSchema } from './protocol.ts';
import { provenanceSchema } from './provenance.ts';
import { lookedThroughSchema } from './suspect-search.ts';
import { thresholdProfileSchema } from './threshold-profile.ts';
import { trainingCoverageSchema } from './training/coverage.ts';
import { categoryRangeSchema } from './value-range.ts';

export const parityReportSchema = z.object({
  /** Images compared, made of normal training images: of held-out ones, or of shaded ones where none are held out. */
  images: z.number().int(),
  /** Sizes of the batches in which all of them were compared. Absent in bundles of 0.1, which compared one at a time. */
  batchSizes: z.array(z.number().int()).optional(),
  /** `[height, width]` of every different shape among them. Absent in bundles of 0.1. */
  imageShapes: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
  /** Largest |exported − trained| / max|trained|. */
  imageScoreRelative: z.number(),
  anomalyMapRelative: z.number(),
  tolerance: z.number(),
  /** Categories whose ignore regions were on in turn. Absent without regions. */
  ignored: z.number().int().optional(),
});
export type ParityReport = z.infer<typeof parityReportSchema>;

/** The graph that draws what the model expects, of a version that was trained with a decoder. */
export const decoderSchema = z.object({
  /** In the bundle: the same input as `model.onnx`. */
  file: z.literal('normal.onnx'),
  /** uint8 `[N, height, width, 3]` RGB; the aspect ratio of the image is not kept. */
  output: z.object({ name: z.string(), height: z.number().int(), width: z.number().int() }),
  /** Normal training images that it learned from. */
  images: z.number().int(),
  steps: z.number().int(),
  /** Mean absolute difference from the images, 0 to 1, over the last tenth of the steps. */
  loss: z.number(),
  /** Not part of the version's `trainSeconds`. */
  trainSeconds: z.number(),
  /** Largest |exported − trained| over held-out images, gray levels of 255. */
  parityLevels: z.number(),
});
export type DecoderFacts = z.infer<typeof decoderSchema>;

/** What the images were scored with for thresholds and evaluation, and how far that is from the model as it is served. */
export const evaluatedWithSchema = z.object({
  /** An execution provider of onnxruntime. */
  provider: z.string(),
  /** Images that it was given at once, at most. */
  batchSize: z.number().int(),
  /** Normal training images that were scored both ways: like that, and as served, one at a time on the processor. */
  images: z.number().int(),
  /** Largest |score − served| / |served|. */
  imageScoreRelative: z.number(),
  /** Largest |map − served| / max|served|. */
  anomalyMapRelative: z.number(),
});
export type EvaluatedWith = z.infer<typeof evaluatedWithSchema>;

/** Of a version that was trained here: its bundle has `model.onnx`. */
export const bundleManifestSchema = z.object({
  formatVersion: z.literal(1),
  kind: z.literal('trained').optional(),
  model: nameSchema,
  method: z.string(),
  preset: z.string(),
  /** `preset`: the method's settings as resolved; beside it what came of fitting. */
  config: z.record(z.string(), z.unknown()),
  /** What held-out normal training images decided. Absent in bundles of before it was said. */
  heldOutUse: z.array(heldOutUseSchema).optional(),
  /** What training saw of the images. Absent in bundles of before it was said. */
  coverage: z.array(trainingCoverageSchema).optional(),
  seed: z.number().int(),
  backbone: z.object({
    name: z.string(),
    sha256: sha256Schema,
    featureTaps: z.array(z.string()),
    /** Of one in int8; absent in float32. */
    calibration: calibrationSchema.optional(),
    /** Of one whose weights are stored as float16. */
    precision: z.literal('float16').optional(),
  }),
  /** What it was trained with, and why. Absent in bundles of 0.1. */
  executor: executorChoiceSchema.optional(),
  /** The graph's inputs and outputs, for whoever runs it elsewhere. */
  graph: z.object({
    input: z.object({
      name: z.string(),
      dtype: z.literal('uint8'),
      layout: z.literal('NHWC'),
      channels: z.literal('RGB'),
      /** Side of the finest feature grid: images with fewer pixels along a side are refused. Absent in bundles of 0.1. */
      minSidePx: z.number().int().optional(),
    }),
    anomalyMap: z.object({ name: z.string(), height: z.number().int(), width: z.number().int() }),
    imageScore: z.object({ name: z.string() }),
    /** What `categoryBank` is searched with, f32 `[N, size]`. Absent in bundles of 0.1 and of a single category. */
    categoryDescriptor: z.object({ name: z.string(), size: z.number().int() }).optional(),
    /**
     * A second input, int64 `[N]`: of each image the number, from 1, of the category here whose regions are ignored, 0 for none.
     * Absent, and not an input, where the dataset version has no ignore regions.
     */
    ignore: z.object({ name: z.string(), categories: z.array(z.string()) }).optional(),
    opset: z.number().int(),
  }),
  /** Finds an image's category when nobody names it. Absent in bundles of 0.1 and of a single category. */
  categoryBank: categoryBankSchema.optional(),
  /** Of images with more than 8 bits. Absent where all training images had 8, and in bundles of 0.1. */
  ranges: z.array(categoryRangeSchema).optional(),
  /** Of the dataset version: `model.onnx` has their pixels. Absent where nothing is ignored. */
  ignore: ignoreRegionsSchema.optional(),
  thresholds: thresholdProfileSchema,
  lineage: z.object({
    run: z.string(),
    dataset: nameSchema,
    datasetVersion: z.string(),
    datasetHash: sha256Schema,
    codeVersion: z.string(),
    createdAt: z.string(),
  }),
  /** Of the dataset, as it was said when the version was made. Absent in bundles of before. */
  provenance: provenanceSchema.optional(),
  /** A search for suspects among the training images, before. Absent where there was none, and in bundles of before. */
  lookedThrough: lookedThroughSchema.optional(),
  /** Of a version that was made by adding images to another. */
  extension: modelExtensionSchema.optional(),
  protocol: protocolSchema,
  mean: metricsSchema,
  categories: z.record(z.string(), metricsSchema),
  /** Absent in bundles of 0.1. */
  evaluation: evaluationReportSchema.optional(),
  /** Absent without a decoder. */
  decoder: decoderSchema.optional(),
  parity: parityReportSchema,
  /** Absent in bundles of before, whose images were scored as they are served. */
  evaluatedWith: evaluatedWithSchema.optional(),
  trainSeconds: z.number(),
  /** From encoded bytes to score and map, one image at a time on the processor. */
  latencyMs: z.object({
    /** Null when there were no test images to measure with. */
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    hardware: z.string(),
    /** Test images that were timed. */
    images: z.number().int(),
    /** Images before them that were not. Absent in bundles of before, which timed the evaluation of every test image. */
    warmUp: z.number().int().optional(),
  }),
  /** Absent in bundles of 0.1. */
  cost: z
    .object({
      /** Elements of the graph's floating-point weights, the backbone's included. */
      parameters: z.number().int(),
      /** Largest resident memory of the training process, evaluation included, MB. */
      peakRssMb: z.number(),
    })
    .optional(),
  files: z.array(z.object({ name: z.string(), sha256: sha256Schema, bytes: z.number().int() })),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

/** Of somebody else's results, evaluated here: there is no graph, and what only a graph or a training has is null. */
export const externalManifestSchema = bundleManifestSchema
  .omit({
    graph: true,
    evaluation: true,
    executor: true,
    decoder: true,
    coverage: true,
    extension: true,
    evaluatedWith: true,
  })
  .extend({
    kind: z.literal('external'),
    backbone: z.null(),
    graph: z.null(),
    thresholds: z.null(),
    parity: z.null(),
    trainSeconds: z.null(),
    latencyMs: z.null(),
    evaluation: evaluationReportSchema.optional(),
    external: z.object({
      /** What was imported: file or folder name. */
      source: z.string(),
      format: z.enum(['npz', 'tiff', 'png']),
      /** SHA-256 over the scores and maps as imported. */
      sha256: sha256Schema,
      note: z.string(),
      /** What the maps were before the stated resize; null where they had the evaluation's size. */
      mapsResized: z.string().nullable(),
    }),
  });
export type ExternalManifest = z.infer<typeof externalManifestSchema>;

export const versionManifestSchema = z.union([bundleManifestSchema, externalManifestSchema]);
export type VersionManifest = z.infer<typeof versionManifestSchema>;

export const modelVersionSchema = z.object({
  model: nameSchema,
  version: z.number().int(),
  /** The version that answers `POST /v1/models/{name}/predict`. */
  promoted: z.boolean(),
  createdAt: z.string(),
  sizeBytes: z.number().int(),
  /** SHA-256 over the bundle's files. */
  bundleHash: sha256Schema,
  /** The threshold profile that serves; 1 is the bundle's own. */
  thresholdProfile: z.number().int().positive(),
  manifest: versionManifestSchema,
});
export type ModelVersion = z.infer<typeof modelVersionSchema>;

/** A version with a graph, which can answer predictions. */
export type TrainedVersion = ModelVersion & { readonly manifest: BundleManifest };

export function isTrained(version: ModelVersion): version is TrainedVersion {
  return version.manifest.kind !== 'external';
}

/** Whether a version can show what it expects. */
export function hasDecoder({ manifest }: Pick<ModelVersion, 'manifest'>): boolean {
  return manifest.kind !== 'external' && manifest.decoder !== undefined;
}

/** @throws DomainError CONFLICT for results that were imported. */
export function assertTrained(version: ModelVersion): asserts version is TrainedVersion {
  if (isTrained(version)) return;
  throw new DomainError(
    'CONFLICT',
    `${version.model} version ${version.version} has imported results only: it has no model.onnx, so it can't answer predictions.`,
    { field: 'version', fix: 'Name a version that was trained here.' },
  );
}

export const modelSummarySchema = z.object({
  name: nameSchema,
  versions: z.number().int(),
  latestVersion: z.number().int(),
  promotedVersion: z.number().int().nullable(),
  dataset: nameSchema,
  method: z.string(),
  backbone: z.string(),
  mean: metricsSchema,
  /** Name of the protocol that the metrics of the latest version were taken under. */
  protocol: z.string(),
  createdAt: z.string(),
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;

/** One test image as the evaluation saw it. */
export const imageResultSchema = z.object({
  path: z.string(),
  category: z.string(),
  label: labelSchema,
  defectType: z.string().nullable(),
  sha256: sha256Schema,
  imageScore: z.number(),
});
export type ImageResult = z.infer<typeof imageResultSchema>;

/** With what the threshold profile that serves makes of it; null for imported results, which have no thresholds. */
/** The test images of a version: all, or some of them in the order of the dataset. */
export const listImagesInput = z.object({
  name: nameSchema,
  version: z.number().int().positive().max(MAX_NUMBER),
  category: z.string().optional(),
  label: labelSchema.optional(),
  limit: z.number().int().min(1).max(MAX_NUMBER).optional(),
});
export type ListImagesInput = z.infer<typeof listImagesInput>;
export type ImageChoice = Omit<ListImagesInput, 'name' | 'version'>;

export const judgedImageSchema = imageResultSchema.extend({
  threshold: z.number().nullable(),
  /** `imageScore / threshold`: 1 is the threshold, whatever the category. */
  scoreRatio: z.number().nullable(),
});
export type JudgedImage = z.infer<typeof judgedImageSchema>;
