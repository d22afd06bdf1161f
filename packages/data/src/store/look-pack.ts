/**
 * @file Many looks as two files, since to make a file takes longer than to look at a small image: `<SHA-256 of it>.looks`, a list
 * as JSON, and beside it the pictures that it names, one after the other.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Schema } from '@plumbline/contracts';
import { z } from 'zod';
import { LUMINANCE_PICTURE_SIDE } from '../images/luminance-picture.ts';
import type { CheckedMask } from '../import/check-masks.ts';
import type { Look } from '../import/first-look.ts';
import { sha256Of } from './sha256.ts';

export interface KeptLook extends Look {
  /** Whether some of its pixels are transparent. */
  readonly isTransparent: boolean;
  /** Null without a mask. */
  readonly mask: Pick<CheckedMask, 'levels' | 'share'> | null;
}

/** 4 MB of pictures. */
export const LOOKS_IN_A_PACK = 1024;
const LIST = '.looks';
const PICTURE_VALUES = LUMINANCE_PICTURE_SIDE ** 2;

const listSchema = z.strictObject({
  /** SHA-256 of the file of pictures: Float32, little-endian. */
  pictures: sha256Schema,
  looks: z.array(
    z.strictObject({
      key: sha256Schema,
      isTransparent: z.boolean(),
      levels: z.number().int().min(1).max(256),
      hasPicture: z.boolean(),
      mask: z
        .strictObject({
          levels: z.enum(['two', 'kinds', 'cut']),
          share: z.number().min(0).max(1),
        })
        .nullable(),
    }),
  ),
});
type PackList = z.infer<typeof listSchema>;

/** Neither is flushed: half of a file has another hash, and is learned anew. */
export async function writePack(
  folder: string,
  looks: readonly { readonly key: string; readonly look: KeptLook }[],
): Promise<void> {
  const pictures = Buffer.concat(looks.flatMap(({ look }) => look.picture ?? []).map(bytesOf));
  const list: PackList = {
    pictures: sha256Of(pictures),
    looks: looks.map(({ key, look: { isTransparent, levels, picture, mask } }) => ({
      ...{ key, isTransparent, levels, hasPicture: picture !== null },
      mask: mask === null ? null : { levels: mask.levels, share: mask.share },
    })),
  };
  const text = JSON.stringify(list);
  await writeFile(picturesIn(folder, list), pictures);
  await writeFile(join(folder, `${sha256Of(text)}${LIST}`), text);
}

/** Those of these keys that it has: none where it is no list, or damaged. */
export async function readPack(
  path: string,
  keys: ReadonlySet<string>,
): Promise<ReadonlyMap<string, KeptLook>> {
  const found = new Map<string, KeptLook>();
  const list = path.endsWith(LIST) ? await readList(path) : null;
  if (list === null || !list.looks.some(({ key }) => keys.has(key))) return found;
  const pictures = await readWhole(picturesIn(dirname(path), list), list.pictures);
  if (pictures === null) return found;
  const values = new Float32Array(new Uint8Array(pictures).buffer);
  let at = 0;
  for (const { key, hasPicture, ...look } of list.looks) {
    const end = hasPicture ? at + PICTURE_VALUES : at;
    // A copy: one picture must not hold all of them in memory.
    if (keys.has(key))
      found.set(key, { ...look, picture: hasPicture ? values.slice(at, end) : null });
    at = end;
  }
  return found;
}

async function readList(path: string): Promise<PackList | null> {
  const text = await readWhole(path, path.slice(-LIST.length - 64, -LIST.length));
  return text === null ? null : (listSchema.safeParse(JSON.parse(text.toString())).data ?? null);
}

/** Null where it is not there, or not as it was written. */
async function readWhole(path: string, sha256: string): Promise<Buffer | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes !== null && sha256Of(bytes) === sha256 ? bytes : null;
}

function picturesIn(folder: string, { pictures }: PackList): string {
  return join(folder, `${pictures}.pictures`);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
