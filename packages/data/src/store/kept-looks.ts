/**
 * @file What was learned from the pixels of a dataset's images, kept in a folder, so that a change of the dataset does not read
 * them all again. The folder is a cache: what is missing or can't be read is learned anew.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sample } from '@plumbline/contracts';
import { z } from 'zod';
import type { CheckedMask } from '../import/check-masks.ts';
import type { CheckedSample } from '../import/check-samples.ts';
import { canonicalJson } from './canonical-json.ts';
import { isMissing } from './is-missing.ts';
import { sha256Of } from './sha256.ts';

/** Raised when what is learned from an image changes. */
const FORMAT = 1;

export interface KeptLook extends Pick<CheckedSample, 'isTransparent' | 'levels' | 'picture'> {
  /** Null without a mask. */
  readonly mask: Pick<CheckedMask, 'levels' | 'share'> | null;
}

export interface KeptLooks {
  /** Null when it isn't kept. */
  read(sample: Sample): Promise<KeptLook | null>;
  write(sample: Sample, look: KeptLook): Promise<void>;
}

const lookSchema = z.strictObject({
  isTransparent: z.boolean(),
  levels: z.number().int().min(1).max(256),
  /** Float32, little-endian, base64. */
  picture: z.base64().nullable(),
  mask: z
    .strictObject({ levels: z.enum(['two', 'kinds', 'cut']), share: z.number().min(0).max(1) })
    .nullable(),
});

export function openKeptLooks(folder: string): KeptLooks {
  const pathOf = (sample: Sample) => {
    const key = keyOf(sample);
    return join(folder, key.slice(0, 2), `${key.slice(2)}.json`);
  };
  return {
    async read(sample) {
      const text = await readFile(pathOf(sample), 'utf8').catch(() => null);
      return text === null ? null : parseLook(text);
    },
    async write(sample, { isTransparent, levels, picture, mask }) {
      const look: z.infer<typeof lookSchema> = {
        ...{ isTransparent, levels },
        picture: picture === null ? null : toBase64(picture),
        mask: mask === null ? null : { levels: mask.levels, share: mask.share },
      };
      const path = pathOf(sample);
      const text = JSON.stringify(look);
      // Neither flushed nor renamed into place: half a look can't be read, and is learned anew.
      // A few KB are written in less time than it takes to have another thread do it.
      try {
        writeFileSync(path, text);
      } catch (error) {
        if (!isMissing(error)) throw error;
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
    },
  };
}

/** Of all that decides what is seen: the bytes, how they are read, and that only normal images have a picture. */
function keyOf({ image, range, mask, maskRule, label }: Sample): string {
  const read = { range: range ?? null, maskRule: maskRule ?? null };
  const seen = { image: image.sha256, mask: mask?.sha256 ?? null, isNormal: label === 'normal' };
  return sha256Of(canonicalJson({ format: FORMAT, ...seen, ...read }));
}

function parseLook(text: string): KeptLook | null {
  try {
    const { picture, ...look } = lookSchema.parse(JSON.parse(text));
    return { ...look, picture: picture === null ? null : fromBase64(picture) };
  } catch {
    return null;
  }
}

function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function fromBase64(text: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
}
