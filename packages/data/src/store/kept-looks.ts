/**
 * @file What was learned from the pixels of a dataset's images, kept in a folder, so that a change of the dataset does not read
 * them all again. The folder is a cache: what is missing or can't be read is learned anew.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as untilOthersRan } from 'node:timers/promises';
import type { Sample } from '@plumbline/contracts';
import { canonicalJson } from './canonical-json.ts';
import { type KeptLook, LOOKS_IN_A_PACK, readPack, writePack } from './look-pack.ts';
import { sha256Of } from './sha256.ts';

/** Raised when what is learned from an image changes. */
const FORMAT = 1;

export interface KeptLooks {
  /** Null for those that are not kept. */
  read(samples: readonly Sample[]): Promise<(KeptLook | null)[]>;
  write(looks: readonly SeenSample[]): Promise<void>;
}

interface SeenSample extends KeptLook {
  readonly sample: Sample;
}

export function openKeptLooks(folder: string): KeptLooks {
  const packs = join(folder, 'packs');
  return {
    async read(samples) {
      const keys = samples.map(keyOf);
      const missing = new Set(keys);
      const found = new Map<string, KeptLook>();
      for (const file of await readdir(packs).catch(() => [])) {
        if (missing.size === 0) break;
        for (const [key, look] of await readPack(join(packs, file), missing)) {
          found.set(key, look);
          missing.delete(key);
        }
      }
      return keys.map((key) => found.get(key) ?? null);
    },
    async write(looks) {
      await mkdir(packs, { recursive: true });
      for (let at = 0; at < looks.length; at += LOOKS_IN_A_PACK) {
        const some = looks.slice(at, at + LOOKS_IN_A_PACK);
        await writePack(
          packs,
          some.map(({ sample, ...look }) => ({ key: keyOf(sample), look })),
        );
        await untilOthersRan();
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
