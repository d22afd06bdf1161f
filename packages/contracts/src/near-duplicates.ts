/** @file Normal test images that are nearly the same as a normal training image: their scores flatter. */
import { z } from 'zod';
import { sha256Schema } from './names.ts';

const imageOfPairSchema = z.object({ path: z.string(), sha256: sha256Schema });

export const nearDuplicateSchema = z.object({
  category: z.string(),
  /** `sure`: bars results on the dataset from ranks. `likely`: marks them. */
  certainty: z.enum(['sure', 'likely']),
  test: imageOfPairSchema,
  /** The training image nearest to it. */
  training: imageOfPairSchema,
});
export type NearDuplicate = z.infer<typeof nearDuplicateSchema>;

/** Pairs that are kept. */
export const MAX_NEAR_DUPLICATES = 200;

export const nearDuplicatesSchema = z.object({
  /** Test images in all, by certainty. */
  sure: z.number().int(),
  likely: z.number().int(),
  /** The sure ones first, at most 200. */
  pairs: z.array(nearDuplicateSchema),
});
export type NearDuplicates = z.infer<typeof nearDuplicatesSchema>;
