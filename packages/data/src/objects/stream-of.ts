/** @file A stream of what is made of another one, which ends with it, however it ends. */
import { Readable } from 'node:stream';

export function streamOf(bytes: AsyncIterable<Uint8Array>, source: Readable): Readable {
  const stream = Readable.from(bytes, { objectMode: false });
  // A generator that was never asked for anything has nothing to end.
  return stream.once('close', () => source.destroy());
}
