/** @file Changes that make another version of a dataset: what may be asked for, and what two versions differ in. */
import { z } from 'zod';
import { labelSchema, sampleSchema } from './dataset-sample.ts';
import { ignorePolygonsSchema } from './ignore-regions.ts';
import { MAX_NUMBER, nameSchema, sha256Schema } from './names.ts';

export const MAX_EDITED_PATHS = 100_000;
export const MAX_INSPECTED_AT_ONCE = 1_000;

/** Of samples, as the version has them. */
const paths = z.array(z.string().min(1)).min(1).max(MAX_EDITED_PATHS);

/** Names of folders, in every layout that is written. */
export const defectTypeSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(
    /^(?!\.)[^/\\\p{Cc}]+$/u,
    'Use a name without "/", "\\" and control characters, not beginning with ".".',
  )
  .refine((name) => name !== 'good' && name !== '__proto__', 'This name is taken.');

/** A folder or .zip on the server's own disk. */
export const pathSourceSchema = z.object({ kind: z.literal('path'), path: z.string().min(1) });
/** A finished resumable upload of a .zip. */
export const uploadSourceSchema = z.object({
  kind: z.literal('upload'),
  uploadId: z.string().min(1),
});
export const filesSourceSchema = z.discriminatedUnion('kind', [
  pathSourceSchema,
  uploadSourceSchema,
]);
export type FilesSource = z.infer<typeof filesSourceSchema>;

export const datasetChangeSchema = z.discriminatedUnion('kind', [
  /** No longer part of the dataset; earlier versions keep them. */
  z.object({ kind: z.literal('exclude'), paths, reason: z.string().trim().max(500).optional() }),
  /** Normal samples to the other side. */
  z.object({ kind: z.literal('move'), paths, split: z.enum(['train', 'test']) }),
  /** An anomalous sample is of the test split, and loses its mask when it becomes normal. */
  z.object({
    kind: z.literal('relabel'),
    paths,
    label: labelSchema,
    /** Of anomalous ones; `defect` when absent. */
    defectType: defectTypeSchema.optional(),
  }),
  /** All samples of another dataset's latest version whose images this one does not have. */
  z.object({ kind: z.literal('add'), from: nameSchema, split: z.enum(['train']).optional() }),
  /** Images in files, in any layout that an import takes, which the dataset does not have. */
  z.object({
    kind: z.literal('addFiles'),
    source: filesSourceSchema,
    split: z.enum(['train']).optional(),
  }),
  /** Inspected images that are kept: normal ones become training images, anomalous ones test images. */
  z.object({
    kind: z.literal('addInspected'),
    images: z
      .array(
        z.object({
          /** Its id. */
          inspection: z.uuid(),
          /** One that the dataset has. */
          category: z.string().min(1).max(200),
          label: labelSchema,
          /** Of an anomalous one; `defect` when absent. */
          defectType: defectTypeSchema.optional(),
        }),
      )
      .min(1)
      .max(MAX_INSPECTED_AT_ONCE),
  }),
  /** The mask of an anomalous sample, in place of the one that it has. */
  z.object({
    kind: z.literal('setMask'),
    path: z.string().min(1),
    /** As `POST /v1/masks` has stored it; null takes the mask away. */
    mask: sha256Schema.nullable(),
    /** `as-is`: it may cover more than half of its image, as of an import. */
    masks: z.enum(['as-is']).optional(),
    /**
     * Drawn over the image as it is shown. Has to be said of an image that EXIF turns where the size of the mask does not
     * show it.
     */
    lies: z.literal('upright').optional(),
  }),
  /** What is ignored in every image of a category, in place of what is ignored so far. */
  z.object({
    kind: z.literal('setIgnore'),
    category: z.string().min(1),
    /** Empty: nothing is. */
    polygons: ignorePolygonsSchema,
  }),
]);
export type DatasetChange = z.infer<typeof datasetChangeSchema>;

export const datasetEditSchema = z.object({
  changes: z.array(datasetChangeSchema).min(1).max(1000),
  note: z.string().trim().max(500).default(''),
});
export type DatasetEdit = z.infer<typeof datasetEditSchema>;

export const editDatasetInput = datasetEditSchema.extend({ name: nameSchema });
export type EditDatasetInput = z.infer<typeof editDatasetInput>;

export const versionNumberSchema = z.number().int().positive().max(MAX_NUMBER);

export const datasetVersionSchema = z.object({
  version: z.number().int(),
  /** `versionLabel(version, hash)`. */
  datasetVersion: z.string(),
  createdAt: z.string(),
  images: z.number().int(),
  /** Whether its test images, labels and masks are those of the latest version: results on the two are comparable. */
  sameTestSet: z.boolean(),
  /** What made it of the version before; null for an import. */
  edit: datasetEditSchema.nullable(),
});
export type DatasetVersion = z.infer<typeof datasetVersionSchema>;

export const diffDatasetInput = z.object({
  name: nameSchema,
  from: versionNumberSchema,
  to: versionNumberSchema,
});

/** Samples named at most, of each kind. */
export const MAX_DIFF_SAMPLES = 200;

const changedSampleSchema = z.object({ from: sampleSchema, to: sampleSchema });

export const datasetDiffSchema = z.object({
  from: z.string(),
  to: z.string(),
  sameTestSet: z.boolean(),
  /** In all; the lists hold at most 200 of each. */
  counts: z.object({
    added: z.number().int(),
    removed: z.number().int(),
    changed: z.number().int(),
    same: z.number().int(),
  }),
  added: z.array(sampleSchema),
  removed: z.array(sampleSchema),
  /** The same image with another split, label, defect type or mask. */
  changed: z.array(changedSampleSchema),
  /** Categories whose ignore regions differ, with those of either version. */
  ignore: z.array(
    z.object({ category: z.string(), from: ignorePolygonsSchema, to: ignorePolygonsSchema }),
  ),
});
export type DatasetDiff = z.infer<typeof datasetDiffSchema>;

/** The number in `v3-1a2b3c4d5e6f`; null for anything else. */
export function versionNumberOf(label: string): number | null {
  const digits = /^v(\d{1,10})-/.exec(label)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** In a sentence: what an edit did. */
export function editWords({ changes }: DatasetEdit): string {
  return changes.map(changeWords).join('; ');
}

function changeWords(change: DatasetChange): string {
  if (change.kind === 'add') return `images of ${change.from} added`;
  if (change.kind === 'addFiles') return 'images from files added';
  if (change.kind === 'addInspected') {
    const { length } = change.images;
    return `${length} inspected ${length === 1 ? 'image' : 'images'} added`;
  }
  if (change.kind === 'setMask')
    return `mask of ${change.path} ${change.mask === null ? 'removed' : 'set'}`;
  if (change.kind === 'setIgnore')
    return change.polygons.length === 0
      ? `ignore regions of ${change.category} removed`
      : `ignore regions of ${change.category} set (${change.polygons.length})`;
  const { length } = change.paths;
  const what = length === 1 ? (change.paths[0] ?? '') : `${length} images`;
  switch (change.kind) {
    case 'exclude':
      return `${what} excluded${change.reason === undefined || change.reason === '' ? '' : ` (${change.reason})`}`;
    case 'move':
      return `${what} moved to ${change.split}`;
    case 'relabel':
      return `${what} labeled ${change.label}${change.defectType === undefined ? '' : ` (${change.defectType})`}`;
  }
}
