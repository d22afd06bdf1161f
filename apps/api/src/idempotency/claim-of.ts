/** @file `Idempotency-Key`: what is asked for twice, since the answer to the first was lost, is made once. */
import { createHash } from 'node:crypto';
import { DomainError } from '@plumbline/contracts';
import type { Claim } from '@plumbline/db';

const MAX_LENGTH = 255;

/** @throws DomainError INVALID_INPUT */
export function readIdempotencyKey(header: string | string[]): string {
  const key = [header].flat().join(',').trim();
  if (key.length <= MAX_LENGTH && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new DomainError('INVALID_INPUT', 'The header Idempotency-Key is not a key.', {
    field: 'idempotency-key',
    fix: `Use 1 to ${MAX_LENGTH} printable ASCII characters without spaces, such as a UUID.`,
  });
}

/** @param input as it was validated: the same key for anything else is a conflict */
export function claimOf(
  { idempotencyKey: key }: { readonly idempotencyKey: string | null },
  operation: string,
  input: unknown,
): Claim | null {
  if (key === null) return null;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([operation, input]))
    .digest('hex');
  return { key, fingerprint };
}
