/** @file A mask that was sent on its own, and waits for a change of a dataset to name it. */
import { z } from 'zod';
import { sha256Schema } from './names.ts';

export const storedMaskSchema = z.object({
  /** Of the PNG of 0 and 255 that was made of it. */
  sha256: sha256Schema,
  width: z.number().int(),
  height: z.number().int(),
  /** Of its pixels that it marks, 0 to 1. */
  share: z.number(),
});
export type StoredMask = z.infer<typeof storedMaskSchema>;

/** Of an image that a mask may mark unless told otherwise: a defect is seldom larger, an inverted mask nearly always. */
export const LARGEST_MASK_SHARE = 0.5;
