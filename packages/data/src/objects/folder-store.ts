/** @file Objects as files of a folder. What is on its way is elsewhere on the same disk, until one rename gives it its name. */
import { randomUUID } from 'node:crypto';
import { renameSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setImmediate as untilOthersRan } from 'node:timers/promises';
import { runBounded } from '../run-bounded.ts';
import { syncFolder, writeFlushing, writeSynced } from '../store/write-synced.ts';
import { openFile, unlessMissing } from './folder-files.ts';
import {
  type ListedObject,
  type LocalFile,
  type ObjectFacts,
  type ObjectStore,
  requireKey,
} from './object-store.ts';
import { removeAbandoned } from './remove-abandoned.ts';

const STAGING = 'staging';
/** A disk flushes many files at once in little more time than one. */
const AT_A_TIME = 16;
/** Without a pause for what else this process does: one takes 20 µs here, and three times that by another thread. */
const RENAMED_AT_A_TIME = 64;

/** @param staging Of what is on its way, on the same disk. */
export function openFolderStore(folder: string, staging = join(folder, STAGING)): ObjectStore {
  const root = resolve(folder);
  const scratch = resolve(staging);
  const fileOf = (key: string): string => join(root, requireKey(key));

  async function put(key: string, ...parts: readonly Uint8Array[]): Promise<void> {
    const target = fileOf(key);
    const temporary = join(scratch, randomUUID());
    await mkdir(scratch, { recursive: true });
    try {
      await writeSynced(temporary, ...parts);
      await mkdir(dirname(target), { recursive: true });
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncParents([target], root);
  }

  async function take(files: readonly LocalFile[]): Promise<void> {
    const moved = files.map(({ key, path }) => ({ from: path, to: fileOf(key) }));
    const folders = [...new Set(moved.map(({ to }) => dirname(to)))];
    for (const folder of folders) await mkdir(folder, { recursive: true });
    for (const [index, { from, to }] of moved.entries()) {
      renameSync(from, to);
      if (index % RENAMED_AT_A_TIME === 0) await untilOthersRan();
    }
    await syncParents(
      moved.map(({ to }) => to),
      root,
    );
  }

  async function renew(key: string): Promise<boolean> {
    const now = new Date();
    return (await unlessMissing(utimes(fileOf(key), now, now).then(() => true))) ?? false;
  }

  return {
    ...{ name: root, scratch, put, prepare: writeFlushing, take, renew },
    get: (key) => unlessMissing(readFile(fileOf(key))),
    open: (key) => unlessMissing(openFile(fileOf(key))),
    stat: (key) => unlessMissing(factsOf(fileOf(key))),
    async holds(key, bytes) {
      // Most images of an import are new: this tells without another thread, and without an error.
      if (statSync(fileOf(key), { throwIfNoEntry: false }) === undefined) return false;
      if (!(await renew(key))) return false;
      const stored = await unlessMissing(readFile(fileOf(key)));
      return stored !== null && Buffer.compare(stored, bytes) === 0;
    },
    list: (prefix) => listFiles(root, prefix),
    remove: (key) => rm(fileOf(key), { force: true }),
    tidy: () => removeAbandoned(scratch),
  };
}

async function factsOf(path: string): Promise<ObjectFacts> {
  const { size, mtimeMs } = await stat(path);
  return { bytes: size, usedAt: mtimeMs };
}

/** The names of these files are kept when the power fails, and those of the folders that they are in. */
async function syncParents(files: readonly string[], root: string): Promise<void> {
  const folders = [...new Set(files.map((file) => dirname(file)))];
  await runBounded({ items: folders, concurrency: AT_A_TIME, run: syncFolder });
  if (folders.some((folder) => folder !== root)) await syncFolder(root);
}

/** A page for each folder. */
async function* listFiles(root: string, prefix: string): AsyncGenerator<readonly ListedObject[]> {
  const end = prefix.lastIndexOf('/') + 1;
  const within = prefix.slice(0, end);
  const start = prefix.slice(end);
  const entries = await unlessMissing(readdir(join(root, within), { withFileTypes: true }));
  const files: ListedObject[] = [];
  for (const entry of entries ?? []) {
    const key = `${within}${entry.name}`;
    if (!entry.name.startsWith(start) || key === STAGING) continue;
    if (entry.isDirectory()) yield* listFiles(root, `${key}/`);
    else if (entry.isFile()) {
      const facts = await unlessMissing(factsOf(join(root, key)));
      if (facts !== null) files.push({ key, ...facts });
    }
  }
  yield files;
}
