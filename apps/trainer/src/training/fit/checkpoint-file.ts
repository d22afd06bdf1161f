/**
 * @file The checkpoints of a fit: one file per attempt, replaced atomically, with the time that all attempts have taken so
 * far. An attempt begins with the newest whole one and writes its own, so that one that was given up for lost and goes on
 * all the same changes nothing that others read.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CheckpointStore, DataHashes, FitState } from '@plumbline/model';
import { renameDurably, writeDurably } from './write-durably.ts';

const HASH_BYTES = 32;

export interface CheckpointFile extends CheckpointStore {
  /** Seconds that this attempt has taken, and earlier ones when the loaded checkpoint was saved. */
  readonly seconds: number;
  /** To be called when nobody will resume. */
  remove(): Promise<void>;
}

/** Changes with the shape of what is saved. */
const FORMAT = 2;

interface Body {
  readonly format: typeof FORMAT;
  readonly state: FitState;
  readonly seconds: number;
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
 * A file is a SHA-256 followed by the serialized state; one that does not match counts as absent.
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
      const body = await readNewest(path, options);
      secondsBefore = body?.seconds ?? 0;
      return body?.state ?? null;
    },
    async save(state) {
      const body: Body = { format: FORMAT, state, seconds: seconds() };
      await replaceFile(own, serialize(body));
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

async function readNewest(path: string, options: CheckpointFileOptions): Promise<Body | null> {
  for (const attempt of await attemptsOf(path, options.attempt)) {
    const body = await readBody(`${path}.${attempt}`, options);
    if (body !== null) return body;
  }
  return null;
}

async function readBody(file: string, { log }: CheckpointFileOptions): Promise<Body | null> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null || bytes.length <= HASH_BYTES) return null;
  const body = bytes.subarray(HASH_BYTES);
  if (!digest(body).equals(bytes.subarray(0, HASH_BYTES))) return null;
  const saved = deserialize(body) as Partial<Body>;
  if (saved.format === FORMAT) return saved as Body;
  await log?.('The checkpoint is of another version of Plumbline: training begins anew.');
  return null;
}

/** The old file stays until the new one is complete on the disk. */
async function replaceFile(file: string, body: Uint8Array): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeDurably(partial, digest(body), body);
    await renameDurably(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function digest(body: Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}
