/**
 * @file A shard of the feature cache: the features of some images of one feature graph, one record of a fixed size after
 * the other, then the keys of the images and a trailer. It is written under another name and gets its own when it is
 * whole and on the disk, so that whoever reads one finds all of it.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/** Bytes of an image's key; a key is written in hexadecimal everywhere else. */
export const KEY_BYTES = 16;
const MAGIC = 'PLFEAT01';
const DIGEST_BYTES = 16;
/** Magic, number of images, bytes a record, digest of the keys. */
const TRAILER_BYTES = MAGIC.length + 8 + DIGEST_BYTES;

/** What shards of so many images take on the disk, all but the last of them full. */
export function bytesOfShards(images: number, recordBytes: number, imagesPerShard: number): number {
  const shards = Math.ceil(images / imagesPerShard);
  return images * (recordBytes + KEY_BYTES) + shards * TRAILER_BYTES;
}

export class ShardWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #recordBytes: number;
  readonly #keys: string[] = [];

  private constructor(path: string, file: FileHandle, recordBytes: number) {
    this.#path = path;
    this.#file = file;
    this.#recordBytes = recordBytes;
  }

  static async create(path: string, recordBytes: number): Promise<ShardWriter> {
    return new ShardWriter(path, await open(path, 'wx'), recordBytes);
  }

  /** @param parts Together a record. */
  async append(key: string, parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (bytes !== this.#recordBytes)
      throw new Error(`A record of ${bytes} bytes among those of ${this.#recordBytes}`);
    for (const part of parts) await this.#file.writeFile(part);
    this.#keys.push(key);
  }

  /** Ends the shard and gives it its name. */
  async seal(path: string): Promise<void> {
    const keys = Buffer.from(this.#keys.join(''), 'hex');
    await this.#file.writeFile(keys);
    await this.#file.writeFile(trailerOf(keys, this.#recordBytes));
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#path, path);
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#path, { force: true });
  }
}

function trailerOf(keys: Uint8Array, recordBytes: number): Buffer {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.write(MAGIC, 'latin1');
  trailer.writeUInt32LE(keys.length / KEY_BYTES, MAGIC.length);
  trailer.writeUInt32LE(recordBytes, MAGIC.length + 4);
  trailer.set(
    createHash('sha256').update(keys).digest().subarray(0, DIGEST_BYTES),
    MAGIC.length + 8,
  );
  return trailer;
}

/** @returns The keys of the images in order of their records; null when the file is gone or not a whole shard. */
export async function readShardKeys(path: string, recordBytes: number): Promise<string[] | null> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const trailer = await readAt(file, size - TRAILER_BYTES, TRAILER_BYTES);
    if (trailer === null || trailer.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
    const count = trailer.readUInt32LE(MAGIC.length);
    const start = count * recordBytes;
    if (start + count * KEY_BYTES + TRAILER_BYTES !== size) return null;
    const keys = await readAt(file, start, count * KEY_BYTES);
    if (keys === null || !trailerOf(keys, recordBytes).equals(trailer)) return null;
    const hex = keys.toString('hex');
    return Array.from({ length: count }, (_, i) =>
      hex.slice(2 * KEY_BYTES * i, 2 * KEY_BYTES * (i + 1)),
    );
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
  if (position < 0) return null;
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return bytesRead === length ? buffer : null;
}
