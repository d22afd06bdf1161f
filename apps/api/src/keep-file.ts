/** @file Bytes that are made once and kept on disk. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const underway = new Map<string, Promise<Uint8Array>>();

/** Reads the file, or makes and writes it; several who ask at once share the work. */
export async function keepFile(path: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return kept;
  const shared = underway.get(path);
  if (shared !== undefined) return shared;
  const made = makeAndWrite(path, make).finally(() => underway.delete(path));
  underway.set(path, made);
  return made;
}

async function makeAndWrite(path: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const bytes = await make();
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return bytes;
}
