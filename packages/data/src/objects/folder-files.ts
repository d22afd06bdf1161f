/** @file Files of a folder as objects. */
import { open } from 'node:fs/promises';
import { isMissing } from '../store/is-missing.ts';
import type { OpenedObject } from './object-store.ts';

export async function unlessMissing<Result>(result: Promise<Result>): Promise<Result | null> {
  return result.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

export async function openFile(path: string): Promise<OpenedObject> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat().catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  return { bytes: size, stream: handle.createReadStream() };
}
