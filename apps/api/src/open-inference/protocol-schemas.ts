/** @file The answers of the Open Inference Protocol, as its specification names them. */
import { z } from 'zod';

export const serverMetadata = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});

/** −1: any length. */
const tensorMetadata = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.number().int().min(-1)),
});

export const modelMetadata = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadata),
  outputs: z.array(tensorMetadata),
});

/** `data` of what was not asked for in binary. */
export const inferResponse = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.array(
    tensorMetadata.extend({
      parameters: z.object({ binary_data_size: z.number().int() }).optional(),
      data: z.array(z.unknown()).optional(),
    }),
  ),
});
