/** @file A file that is on the disk when this returns, not only on its way there. */
import { open } from 'node:fs/promises';

/** @param parts One after the other. */
export async function writeDurably(path: string, ...parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}
