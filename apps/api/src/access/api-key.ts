/** @file The API key: what one must look like, and a comparison that takes the same time for every guess. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError, isLoopbackName } from '@plumbline/contracts';

const MIN_KEY_LENGTH = 24;

/** @throws DomainError when the API would be open to others, or guarded by a key that is too short. */
export function assertSafeToListen(
  host: string,
  apiKey: string | null,
  allowedHosts: readonly string[] = [],
): void {
  if (apiKey === null && allowedHosts.length > 0) {
    throw new DomainError(
      'INVALID_INPUT',
      'PLUMBLINE_ALLOWED_HOSTS lets other machines in, but there is no API key.',
      { field: 'PLUMBLINE_API_KEY', fix: 'Set PLUMBLINE_API_KEY: openssl rand -hex 32' },
    );
  }
  if (apiKey !== null && apiKey.length < MIN_KEY_LENGTH) {
    throw new DomainError(
      'INVALID_INPUT',
      `PLUMBLINE_API_KEY has ${apiKey.length} characters; it needs at least ${MIN_KEY_LENGTH}.`,
      { field: 'PLUMBLINE_API_KEY', fix: 'Generate one: openssl rand -hex 32' },
    );
  }
  if (apiKey === null && !isLoopbackName(host)) {
    throw new DomainError(
      'INVALID_INPUT',
      `The API would listen on ${host}, where other machines reach it, but there is no API key.`,
      {
        field: 'PLUMBLINE_API_KEY',
        fix: 'Set PLUMBLINE_API_KEY (openssl rand -hex 32), or listen on 127.0.0.1.',
      },
    );
  }
}

/** Whether an `Authorization` header carries the key. */
export function carriesKey(authorization: string | undefined, apiKey: string): boolean {
  const sent = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return sent !== undefined && timingSafeEqual(digest(sent), digest(apiKey));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
