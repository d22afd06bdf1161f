/** @file A fit's checkpoint as one file, replaced atomically. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CheckpointStore, FitCheckpoint } from '@plumbline/model';

const HASH_BYTES = 32;

/** The file is a SHA-256 followed by the serialized checkpoint; one that does not match counts as absent. */
export function checkpointFile(path: string): CheckpointStore {
  return {
    async load() {
      const bytes = await readFile(path).catch(() => null);
      if (bytes === null || bytes.length <= HASH_BYTES) return null;
      const body = bytes.subarray(HASH_BYTES);
      if (!digest(body).equals(bytes.subarray(0, HASH_BYTES))) return null;
      return deserialize(body) as FitCheckpoint;
    },
    async save(checkpoint) {
      await mkdir(dirname(path), { recursive: true });
      const body = serialize(checkpoint);
      const partial = `${path}.${process.pid}`;
      const file = await open(partial, 'w');
      try {
        await file.write(digest(body));
        await file.write(body);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
    },
  };
}

function digest(body: Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}
