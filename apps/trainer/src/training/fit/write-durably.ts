/** @file Files and folders that keep their names when the power fails. */
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@plumbline/data';

/** Gives a file or folder its name, which it keeps when the power fails. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}
