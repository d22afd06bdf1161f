/** @file Bytes that are looked at as they pass: whoever takes them never has all of them unless they are the right ones. */
import { createHash } from 'node:crypto';
import { DomainError } from '@plumbline/contracts';

export interface ExpectedBytes {
  /** For messages: where they are stored. */
  readonly name: string;
  readonly sha256: string;
}

/** @throws DomainError DEFECT in place of the last chunk when the bytes are others */
export async function* checkedBytes(
  stream: AsyncIterable<Uint8Array>,
  expected: ExpectedBytes,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let last: Uint8Array | null = null;
  for await (const chunk of stream) {
    if (last !== null) yield last;
    hash.update(chunk);
    last = chunk;
  }
  if (hash.digest('hex') !== expected.sha256) throw damagedFile(expected.name);
  if (last !== null) yield last;
}

export function damagedFile(name: string): DomainError {
  return new DomainError('DEFECT', `The stored ${name} is damaged: its bytes changed.`, {
    fix: 'Put the file back from a copy of the store, or train the version again.',
  });
}
