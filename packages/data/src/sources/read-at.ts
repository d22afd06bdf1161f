/** @file Reads from an open file by one call of another thread, where a handle takes five: imports of small images spend their time between threads. */
import { read } from 'node:fs';
import { promisify } from 'node:util';

const readInto = promisify(read);

/** Fewer bytes where the file ends before. */
export async function readAt(file: number, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await readInto(file, bytes, at, length - at, start + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
