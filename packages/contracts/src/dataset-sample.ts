/** @file Samples: an image with its split, label and mask; and the manifest that lists those of a version. */
import { z } from 'zod';
import { ignoreRegionsSchema } from './ignore-regions.ts';
import { sha256Schema } from './names.ts';
import { valueRangeSchema } from './value-range.ts';

export const labelSchema = z.enum(['normal', 'anomalous']);
export type Label = z.infer<typeof labelSchema>;
export const splitSchema = z.enum(['train', 'val', 'test']);
export type Split = z.infer<typeof splitSchema>;

/** A content-addressed image: the original bytes, and what decoding them gave. */
export const imageBlobSchema = z.object({
  sha256: sha256Schema,
  bytes: z.number().int().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  format: z.enum(['png', 'jpeg', 'webp', 'bmp', 'tiff']),
});
export type ImageBlob = z.infer<typeof imageBlobSchema>;

/** How a mask is read where "whatever is not zero is anomalous" would be wrong. */
export const maskRuleSchema = z.object({
  /** Values above are marked, in the mask's own units (of color, the largest channel). */
  above: z.number(),
  /** Marked is normal: what is left is anomalous. */
  inverted: z.boolean(),
  /** Of a mask of colors without black: whatever differs from this one is marked (red · 65536 + green · 256 + blue). */
  ground: z.number().int().min(0).max(0xffffff).optional(),
});
export type MaskRule = z.infer<typeof maskRuleSchema>;

export const sampleSchema = z.object({
  /** Path inside the imported folder or archive, with forward slashes. Unique in a version. */
  path: z.string(),
  category: z.string(),
  split: splitSchema,
  label: labelSchema,
  /** Folder name of an anomalous sample (`scratch`); null for a normal one. */
  defectType: z.string().nullable(),
  image: imageBlobSchema,
  /** Of the category; absent for an image of 8 bits, and in versions of 0.1. */
  range: valueRangeSchema.optional(),
  /** Ground-truth mask, same width and height as the image, non-zero = anomalous; null where there is none. */
  mask: imageBlobSchema.nullable(),
  /** Absent where non-zero = anomalous. */
  maskRule: maskRuleSchema.optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

export const datasetManifestSchema = z.object({
  formatVersion: z.literal(1),
  layout: z.string(),
  samples: z.array(sampleSchema),
  /** Part of the hash only where it is there. */
  ignore: ignoreRegionsSchema.optional(),
});
export type DatasetManifest = z.infer<typeof datasetManifestSchema>;
