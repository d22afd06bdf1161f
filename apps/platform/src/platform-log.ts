/**
 * @file The platform's log. What finds no room on the disk is dropped and counted, never thrown: a log that fails would end
 * the supervisor, or leave its children waiting for somebody who reads what they say.
 */
import { openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/** @param path Appended to. */
export function openPlatformLog(path: string): Writable {
  const file = openSync(path, 'a');
  let lost = 0;
  const append = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
  };
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        if (lost > 0) {
          append(
            Buffer.from(`\n${new Date().toISOString()} The log had no room for ${lost} bytes.\n`),
          );
          lost = 0;
        }
        append(chunk);
      } catch {
        lost += chunk.length;
      }
      done();
    },
  });
}
