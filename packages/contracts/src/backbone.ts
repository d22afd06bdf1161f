/** @file Backbones as users see them: what can be had, what is here, how far a download is. */
import { z } from 'zod';
import { errorBodySchema } from './error-body.ts';
import { nameSchema, sha256Schema } from './names.ts';

export const featureTapSchema = z.object({
  name: z.string(),
  channels: z.number().int(),
  /** Input pixels a feature vector stands for, along each side. */
  stride: z.number(),
});
export type FeatureTapSummary = z.infer<typeof featureTapSchema>;

/** `ready`: its file is here. `absent`: a run that names it fetches it first. */
export const backboneStatusSchema = z.enum(['ready', 'absent', 'fetching', 'failed']);

export const backboneSchema = z.object({
  /** What `--backbone` takes. */
  name: nameSchema,
  source: z.enum(['embedded', 'catalog', 'added']),
  status: backboneStatusSchema,
  /** timm's name of the network; null for a file that was added. */
  architecture: z.string().nullable(),
  license: z.string().nullable(),
  /** The publisher's page, and the file itself. */
  page: z.string().nullable(),
  url: z.string().nullable(),
  /** Null where no hash of the publisher is known: the first download has to be confirmed. */
  sha256: sha256Schema.nullable(),
  /** Size of the file, null when it is not known. */
  bytes: z.number().int().nullable(),
  parameters: z.number().int().nullable(),
  featureTaps: z.array(featureTapSchema),
  defaultTaps: z.array(z.string()),
  /** Where the file is, or belongs, on the platform's disk; null when it is embedded. */
  path: z.string().nullable(),
  fetch: z
    .object({
      receivedBytes: z.number().int(),
      totalBytes: z.number().int().nullable(),
      bytesPerSecond: z.number(),
      etaSeconds: z.number().nullable(),
      error: errorBodySchema.nullable(),
    })
    .nullable(),
});
export type BackboneSummary = z.infer<typeof backboneSchema>;

export const fetchBackboneInput = z.object({
  name: nameSchema,
  /** Confirms the hash of a file that the catalog has none for. */
  sha256: sha256Schema.optional(),
});
export type FetchBackboneInput = z.infer<typeof fetchBackboneInput>;

export const addBackboneInput = z.object({
  name: nameSchema,
  /** An .onnx or .safetensors file on the platform's disk; it is copied. */
  path: z.string().min(1),
  sha256: sha256Schema.optional(),
});
export type AddBackboneInput = z.infer<typeof addBackboneInput>;

/** What `plumb backbones inspect` finds in a file. */
export interface BackboneInspection {
  readonly file: string;
  readonly kind: 'onnx' | 'safetensors';
  /** The network that safetensors weights are of. */
  readonly architecture: string | null;
  readonly sha256: string;
  /** Finest first; of an ONNX file the outputs and, of each stride, the last value before the next downsampling. */
  readonly featureTaps: readonly FeatureTapSummary[];
  readonly defaultTaps: readonly string[];
}
