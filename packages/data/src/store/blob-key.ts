/** @file Where a blob is in its store. */
import { DomainError, sha256Schema } from '@plumbline/contracts';

/** @throws DomainError INVALID_INPUT for what is no hash */
export function blobKey(sha256: string): string {
  // The hash becomes a path, so nothing but 64 hexadecimal digits may pass.
  if (!sha256Schema.safeParse(sha256).success) {
    throw new DomainError('INVALID_INPUT', `"${sha256}" is not a SHA-256 hash.`, {
      fix: 'Give the 64 lowercase hexadecimal digits of an image hash.',
      field: 'sha256',
    });
  }
  return `${sha256.slice(0, 2)}/${sha256.slice(2)}`;
}
