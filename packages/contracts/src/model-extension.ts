/** @file Model versions that were made by adding images to another, without fitting again. */
import { z } from 'zod';
import { nameSchema, sha256Schema } from './names.ts';

/** In the bundle of a version that images can be added to: what its bank needs beside the graph. */
export const BANK_STATE_FILE = 'bank-state.safetensors';

/** An image that was added. */
export const addedImageSchema = z.object({
  path: z.string(),
  category: z.string(),
  sha256: sha256Schema,
});

/** What a version is that goes on from another. */
export const modelExtensionSchema = z.object({
  /** Version of the same model. */
  parent: z.number().int().positive(),
  /** Where the images come from. */
  dataset: nameSchema,
  datasetVersion: z.string(),
  added: z.array(addedImageSchema).min(1),
});
export type ModelExtension = z.infer<typeof modelExtensionSchema>;
