/** @file Which images the shards of one feature graph hold, and where. */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatValueRange, type Sample } from '@plumbline/contracts';
import { SHARD_SUFFIX } from './cache-folder.ts';
import { KEY_BYTES, readShardKeys } from './shard-file.ts';

/** The key of an image among those of one feature graph: the same bytes are other pixels by another range. */
export function imageKey({ image, range }: Pick<Sample, 'image' | 'range'>): string {
  const text = range === undefined ? image.sha256 : `${image.sha256} ${formatValueRange(range)}`;
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * KEY_BYTES);
}

export interface StoredPlace {
  /** Name of the file. */
  readonly shard: string;
  /** Of the record in it. */
  readonly index: number;
}

export class StoredImages {
  readonly #folder: string;
  readonly #recordBytes: number;
  readonly #shards = new Map<string, readonly string[]>();
  #places = new Map<string, StoredPlace>();

  constructor(folder: string, recordBytes: number) {
    this.#folder = folder;
    this.#recordBytes = recordBytes;
  }

  /** Learns of shards that came and went; what is not whole is taken away. */
  async refresh(): Promise<void> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) =>
      name.endsWith(SHARD_SUFFIX),
    );
    const gone = [...this.#shards.keys()].filter((name) => !names.includes(name));
    for (const name of gone) this.#shards.delete(name);
    if (gone.length > 0) {
      this.#places = new Map();
      for (const [shard, keys] of this.#shards) this.#add(shard, keys);
    }
    for (const name of names) {
      if (this.#shards.has(name)) continue;
      const path = join(this.#folder, name);
      const keys = await readShardKeys(path, this.#recordBytes);
      if (keys === null) await rm(path, { force: true });
      else {
        this.#shards.set(name, keys);
        this.#add(name, keys);
      }
    }
  }

  /** An image may lie in several shards: the largest serves, so that what was merged is used no more. */
  #add(shard: string, keys: readonly string[]): void {
    for (const [index, key] of keys.entries()) {
      const known = this.#places.get(key);
      if (known === undefined || keys.length > this.keysIn(known.shard).length)
        this.#places.set(key, { shard, index });
    }
  }

  /** Of the images in a shard, in its order. */
  keysIn(shard: string): readonly string[] {
    return this.#shards.get(shard) ?? [];
  }

  sizes(): { readonly shard: string; readonly images: number }[] {
    return [...this.#shards].map(([shard, keys]) => ({ shard, images: keys.length }));
  }

  /** Shards whose images all lie in others. */
  needless(): string[] {
    const needed = new Set([...this.#places.values()].map(({ shard }) => shard));
    return [...this.#shards.keys()].filter((shard) => !needed.has(shard));
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Those of some keys that are here. */
  keysOf(keys: Iterable<string>): string[] {
    return [...keys].filter((key) => this.#places.has(key));
  }

  shardsOf(keys: Iterable<string>): string[] {
    return [...new Set([...keys].flatMap((key) => this.#places.get(key)?.shard ?? []))];
  }

  placeOf(key: string): StoredPlace {
    const place = this.#places.get(key);
    if (place === undefined) throw new Error(`The features of image ${key} are not there`);
    return place;
  }
}
