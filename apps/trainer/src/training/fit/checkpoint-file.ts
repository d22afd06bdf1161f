/** @file A fit's checkpoint as one file, replaced atomically, with the time that all attempts have taken so far. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { DomainError } from '@plumbline/contracts';
import type { CheckpointStore, DataHashes, FitState } from '@plumbline/model';
import { writeDurably } from './write-durably.ts';

const HASH_BYTES = 32;
/** Disk full, quota used up, file larger than allowed. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

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
  /** What the fit is of. */
  readonly data: DataHashes;
  /** When this attempt began, on the clock of `performance.now()`. */
  readonly startedAt?: number;
  /** A sentence for the run's log. */
  log?(text: string): void | Promise<void>;
}

/** The file is a SHA-256 followed by the serialized state; one that does not match counts as absent. */
export function checkpointFile(path: string, options: CheckpointFileOptions): CheckpointFile {
  const { data, startedAt = performance.now() } = options;
  let secondsBefore = 0;
  const seconds = () => secondsBefore + (performance.now() - startedAt) / 1000;
  return {
    data,
    get seconds() {
      return seconds();
    },
    async load() {
      await removePartials(path);
      const body = await readBody(path, options);
      secondsBefore = body?.seconds ?? 0;
      return body?.state ?? null;
    },
    async save(state) {
      const body: Body = { format: FORMAT, state, seconds: seconds() };
      await replaceFile(path, serialize(body));
    },
    async remove() {
      await rm(path, { force: true });
    },
  };
}

async function readBody(path: string, { log }: CheckpointFileOptions): Promise<Body | null> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null || bytes.length <= HASH_BYTES) return null;
  const body = bytes.subarray(HASH_BYTES);
  if (!digest(body).equals(bytes.subarray(0, HASH_BYTES))) return null;
  const saved = deserialize(body) as Partial<Body>;
  if (saved.format === FORMAT) return saved as Body;
  await log?.('The checkpoint is of another version of Plumbline: training begins anew.');
  return null;
}

/** The old file stays until the new one is complete on the disk. */
async function replaceFile(path: string, body: Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(partial, digest(body), body);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw NO_ROOM.includes(codeOf(error)) ? noRoomError(path, body.length, error) : error;
  }
}

/** A process that was killed while it saved has left a part of a file. */
async function removePartials(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const start = `${basename(path)}.`;
  const partials = names.filter(
    (name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)),
  );
  for (const name of partials) await rm(join(dirname(path), name), { force: true });
}

function noRoomError(path: string, bytes: number, cause: unknown): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `There is no room on the disk for a checkpoint of ${Math.round(bytes / 1e6)} MB in ${dirname(path)}.`,
    {
      fix: 'Free some space there and start the training again. Earlier checkpoints are intact.',
      cause,
    },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function digest(body: Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}
