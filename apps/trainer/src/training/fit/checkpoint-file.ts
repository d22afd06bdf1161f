/** @file A fit's checkpoint as one file, replaced atomically, with the time that all attempts have taken so far. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { DomainError } from '@plumbline/contracts';
import type { CheckpointStore, FitCheckpoint } from '@plumbline/model';
import { writeDurably } from './write-durably.ts';

const HASH_BYTES = 32;
/** Disk full, quota used up, file larger than allowed. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

export interface CheckpointFile extends CheckpointStore {
  /** Seconds that earlier attempts had taken when the loaded checkpoint was saved. */
  readonly secondsBefore: number;
  /** To be called when nobody will resume. */
  remove(): Promise<void>;
}

interface Body {
  readonly checkpoint: FitCheckpoint;
  readonly seconds: number;
}

/**
 * The file is a SHA-256 followed by the serialized checkpoint; one that does not match counts as absent.
 * @param startedAt When this attempt began, on the clock of `performance.now()`.
 */
export function checkpointFile(path: string, startedAt = performance.now()): CheckpointFile {
  let secondsBefore = 0;
  return {
    get secondsBefore() {
      return secondsBefore;
    },
    async load() {
      await removePartials(path);
      const body = await readBody(path);
      secondsBefore = body?.seconds ?? 0;
      return body?.checkpoint ?? null;
    },
    async save(checkpoint) {
      const seconds = secondsBefore + (performance.now() - startedAt) / 1000;
      await replaceFile(path, serialize({ checkpoint, seconds } satisfies Body));
    },
    async remove() {
      await rm(path, { force: true });
    },
  };
}

async function readBody(path: string): Promise<Body | null> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null || bytes.length <= HASH_BYTES) return null;
  const body = bytes.subarray(HASH_BYTES);
  if (!digest(body).equals(bytes.subarray(0, HASH_BYTES))) return null;
  return deserialize(body) as Body;
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
  const partials = names.filter((name) => name.startsWith(`${basename(path)}.`));
  for (const name of partials) await rm(join(dirname(path), name), { force: true });
}

function noRoomError(path: string, bytes: number, cause: unknown): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `There is no room on the disk for a checkpoint of ${Math.round(bytes / 1e6)} MB in ${dirname(path)}.`,
    {
      fix: 'Free space there and start the training again. What was saved before is intact.',
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
