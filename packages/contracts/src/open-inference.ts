/** @file Requests and answers of the Open Inference Protocol, version 2, as its specification names them. */
import { z } from 'zod';

export const serverMetadataSchema = z.object({
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

export const modelMetadataSchema = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadata),
  outputs: z.array(tensorMetadata),
});

/** `data` of what was not asked for in binary. */
export const inferResponseSchema = z.object({
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
export type InferResponse = z.infer<typeof inferResponseSchema>;

/** A request whose tensors are all JSON; the API looks at more than these types say. */
export interface InferRequest {
  readonly id?: string;
  readonly parameters?: { readonly category?: string };
  readonly inputs: readonly [InferInput];
  /** All when absent. */
  readonly outputs?: readonly { readonly name: string }[];
}

/** Pixels, row by row in RGB, or the bytes of files in base64. */
export type InferInput = {
  readonly name: 'image';
} & (
  | {
      readonly datatype: 'UINT8';
      /** Images, height, width, 3. */
      readonly shape: readonly [number, number, number, 3];
      readonly data: readonly number[];
    }
  | {
      readonly datatype: 'BYTES';
      readonly shape: readonly [number];
      readonly data: readonly string[];
      readonly parameters: { readonly content_type: 'base64' };
    }
);
