/** @file Removes stored images that nothing refers to: what failed imports and deleted datasets have left. */
import type { BlobStore } from '@plumbline/data';
import type { Database } from '@plumbline/db';

/** Longer than any import takes from storing an image to storing what refers to it. */
const GRACE_MS = 24 * 3_600_000;

/** @returns how many it removed. */
export async function sweepBlobs(
  { blobReferences }: Pick<Database, 'blobReferences'>,
  blobs: BlobStore,
  graceMs = GRACE_MS,
): Promise<number> {
  const since = Date.now() - graceMs;
  let removed = 0;
  for await (const hashes of blobs.listUnusedSince(since)) {
    await blobReferences.sweep(hashes, async (unreferenced) => {
      for (const sha256 of unreferenced)
        if (await blobs.removeUnusedSince(sha256, since)) removed++;
    });
  }
  return removed;
}
