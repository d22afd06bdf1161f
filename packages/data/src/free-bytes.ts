/** @file Room on a disk. */
import { statfs } from 'node:fs/promises';

/** Bytes that may still be written where the folder lies. @throws Error when there is no such folder */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
