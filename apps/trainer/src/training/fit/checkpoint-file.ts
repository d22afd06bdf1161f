/**
 * @file The checkpoints of a fit: one file per attempt, replaced atomically, with the time that all attempts have taken so
 * far. An attempt begins with the newest whole one and writes its own, so that one that was given up for lost and goes on
 * all the same changes nothing that others read.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { writeSynced } from '@plumbline/data';
import type { CheckpointStore, DataHashes } from '@plumbline/model';
import { decodeCheckpoint, encodeCheckpoint, type SavedFit } from './checkpoint-format.ts';
import { renameDurably } from './write-durably.ts';

export interface CheckpointFile extends CheckpointStore {
  /** Seconds that this attempt has taken, and earlier ones when the loaded checkpoint was saved. */
  readonly seconds: number;
  /** To be called when nobody will resume. */
  remove(): Promise<void>;
}

export interface CheckpointFileOptions {
  /** Number of the attempt that saves. */
  readonly attempt: number;
  /** What the fit is of. */
  readonly data: DataHashes;
  /** When this attempt began, on the clock of `performance.now()`. */
  readonly startedAt?: number;
  /** A sentence for the run's log. */
  log?(text: string): void | Promise<void>;
}

/**
 * A damaged file counts as absent.
 * @param path Of the fit; its files are `<path>.<attempt>`.
 */
export function checkpointFile(path: string, options: CheckpointFileOptions): CheckpointFile {
  const { attempt, data, startedAt = performance.now() } = options;
  const own = `${path}.${attempt}`;
  let secondsBefore = 0;
  let isAlone = false;
  const seconds = () => secondsBefore + (performance.now() - startedAt) / 1000;
  return {
    data,
    get seconds() {
      return seconds();
    },
    async load() {
      await removeFiles(path, await attemptsOf(path, attempt), ['.partial']);
      const saved = await readNewest(path, options);
      secondsBefore = saved?.seconds ?? 0;
      return saved?.state ?? null;
    },
    async save(state) {
      await replaceFile(own, encodeCheckpoint({ state, seconds: seconds() }));
      if (isAlone) return;
      const earlier = (await attemptsOf(path, attempt)).filter((number) => number !== attempt);
      await removeFiles(path, earlier, ['']);
      isAlone = true;
    },
    async remove() {
      await removeFiles(path, await attemptsOf(path, attempt), ['', '.partial']);
    },
  };
}

/** Numbers of the attempts that have left something, newest first, up to this one: later ones are not its business. */
async function attemptsOf(path: string, upTo: number): Promise<number[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const start = `${basename(path)}.`;
  const numbers = names.flatMap((name) => {
    if (!name.startsWith(start)) return [];
    const [, digits] = /^(\d+)(?:\.partial)?$/.exec(name.slice(start.length)) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
  return [...new Set(numbers)].filter((number) => number <= upTo).sort((a, b) => b - a);
}

async function removeFiles(
  path: string,
  attempts: readonly number[],
  endings: readonly string[],
): Promise<void> {
  for (const attempt of attempts)
    for (const ending of endings) await rm(`${path}.${attempt}${ending}`, { force: true });
}

async function readNewest(path: string, options: CheckpointFileOptions): Promise<SavedFit | null> {
  for (const attempt of await attemptsOf(path, options.attempt)) {
    const bytes = await readFile(`${path}.${attempt}`).catch(() => null);
    const saved = bytes === null ? null : decodeCheckpoint(bytes);
    if (saved === 'otherVersion') {
      await options.log?.(
        'The checkpoint is of another version of Plumbline: training begins anew.',
      );
    } else if (saved !== null) return saved;
  }
  return null;
}

/** The old file stays until the new one is complete on the disk. */
async function replaceFile(file: string, parts: readonly Uint8Array[]): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeSynced(partial, ...parts);
    await renameDurably(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
