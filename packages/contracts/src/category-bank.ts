/** @file What a model finds an image's category by: descriptors of normal training images. */
import { z } from 'zod';

export const CATEGORY_BANK_FILE = 'category-bank.safetensors';

/** Descriptors of normal training images, by category: the nearest ones vote on an image's category. */
export const categoryBankSchema = z.object({
  /** In the bundle: `descriptors` f16 `[images, size]`, `categories` i32 `[images]`, indices of `names` in its metadata. */
  file: z.literal(CATEGORY_BANK_FILE),
  images: z.number().int(),
  /** How many of the nearest vote. */
  neighbors: z.number().int(),
  /** Votes below this share are no sure answer. */
  sureFrom: z.number().min(0).max(1),
  /**
   * By category, from eight images on: how far one of its training images is from the one most like it, at most. Absent in bundles of
   * before this was looked at.
   */
  reach: z.record(z.string(), z.number()).optional(),
  /** How often it was right on the test split, for information; null without test images. */
  testAccuracy: z.number().min(0).max(1).nullable(),
});
export type CategoryBank = z.infer<typeof categoryBankSchema>;

/** The file's contents. */
export interface DescriptorBank {
  /** Of categories. */
  readonly names: readonly string[];
  /** For each image the index of its category in `names`. */
  readonly categories: Int32Array;
  /** `[images, size]`, row by row. */
  readonly descriptors: Float32Array;
  /** Numbers in a descriptor. */
  readonly size: number;
}

const byteRange = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]);

/** Its header as a safetensors file. */
export const categoryBankHeaderSchema = z.object({
  /** JSON of `DescriptorBank.names`. */
  __metadata__: z.object({ names: z.string() }),
  descriptors: z.object({
    dtype: z.literal('F16'),
    shape: z.tuple([z.number().int().positive(), z.number().int().positive()]),
    data_offsets: byteRange,
  }),
  categories: z.object({
    dtype: z.literal('I32'),
    shape: z.tuple([z.number().int().positive()]),
    data_offsets: byteRange,
  }),
});
export type CategoryBankHeader = z.infer<typeof categoryBankHeaderSchema>;
