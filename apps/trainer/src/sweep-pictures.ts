/** @file Removes what is kept of the pictures of images and model versions which are gone. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@plumbline/db';

const SHA256 = /^[0-9a-f]{64}/;
/** What was seen in an image does not name it; it is learned anew where it is missed. */
const KEPT_LOOKS_MS = 30 * 24 * 3_600_000;

/** @param cache The platform's folder. @returns Names of what was removed. */
export async function sweepPictures(
  { blobReferences, models }: Pick<Database, 'blobReferences' | 'models'>,
  cache: string,
): Promise<string[]> {
  const removed: string[] = [];
  for await (const folder of below(join(cache, 'thumbnails'), 2)) {
    const files = (await readdir(folder)).filter((name) => SHA256.test(name));
    const hashes = [...new Set(files.map((name) => name.slice(0, 64)))];
    await blobReferences.sweep(hashes, async (unreferenced) => {
      const gone = new Set(unreferenced);
      for (const name of files.filter((file) => gone.has(file.slice(0, 64)))) {
        await rm(join(folder, name), { force: true });
        removed.push(name);
      }
    });
  }
  for await (const folder of below(join(cache, 'heatmaps'), 1)) {
    const hashes = (await readdir(folder)).filter((name) => SHA256.test(name));
    for (const name of await models.unknownBundles(hashes)) {
      await rm(join(folder, name), { recursive: true, force: true });
      removed.push(name);
    }
  }
  for await (const folder of below(join(cache, 'looks'), 1)) {
    for (const name of await readdir(folder)) {
      const { mtimeMs } = await stat(join(folder, name));
      if (mtimeMs > Date.now() - KEPT_LOOKS_MS) continue;
      await rm(join(folder, name), { force: true });
      removed.push(name);
    }
  }
  return removed;
}

/** Folders so many levels below one. */
async function* below(root: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const path = join(root, entry.name);
    if (depth === 1) yield path;
    else yield* below(path, depth - 1);
  }
}
