/** @file Where the training images that stand out in a run differ: small maps in the bundle of its version. */
import { z } from 'zod';
import { sha256Schema } from './names.ts';
import { SUSPECT_MAP_SIDE } from './suspect-search.ts';
import { suspectSchema, suspectsSchema } from './training-scores.ts';

/** Of a version that was trained here and has suspects; those of before have none. */
export const SUSPECT_MAPS_FILE = 'suspect-maps.json';

/** Of one suspect, by the fit that scored it. */
export interface SuspectMap {
  readonly sha256: string;
  /** f32, square, `SUSPECT_MAP_SIDE` a side at most. */
  readonly values: Float32Array;
  /** What no map of the category should reach. */
  readonly threshold: number;
}

const storedMapSchema = z.object({
  sha256: sha256Schema,
  threshold: z.number(),
  side: z.number().int().min(1).max(SUSPECT_MAP_SIDE),
  /** f32 `[side, side]`, little-endian, in base64. */
  values: z.base64(),
});
type StoredMap = z.infer<typeof storedMapSchema>;

export const suspectMapsFileSchema = z.object({
  formatVersion: z.literal(1),
  /** In the order of `Suspects.suspects`. */
  maps: z.array(storedMapSchema),
});
export type SuspectMapsFile = z.infer<typeof suspectMapsFileSchema>;

const runSuspectSchema = suspectSchema.extend({
  /** Somebody has looked at it, here or before the training, and it belongs. */
  isKept: z.boolean(),
});
export type RunSuspect = z.infer<typeof runSuspectSchema>;

export const runSuspectsSchema = suspectsSchema.extend({
  suspects: z.array(runSuspectSchema),
  /** So many of the first have a map of where they differ; none in versions of before maps were kept. */
  mapped: z.number().int(),
});
export type RunSuspects = z.infer<typeof runSuspectsSchema>;

export function toSuspectMapsFile(maps: readonly SuspectMap[]): SuspectMapsFile {
  return {
    formatVersion: 1,
    maps: maps.map(({ sha256, threshold, values }) => ({
      ...{ sha256, threshold, side: Math.sqrt(values.length) },
      values: toBase64(values),
    })),
  };
}

/** @throws RangeError for values of another number than the side asks for */
export function fromStoredMap({ sha256, threshold, side, values: text }: StoredMap): SuspectMap {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const values = new Float32Array(bytes.buffer);
  if (values.length === side ** 2) return { sha256, threshold, values };
  throw new RangeError(`A map of ${side} a side has ${values.length} values`);
}

function toBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
