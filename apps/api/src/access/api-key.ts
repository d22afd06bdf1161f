/** @file `PLUMBLINE_API_KEY`: what it must look like, and where the API needs one. */
import { DomainError, isLoopbackName } from '@plumbline/contracts';

const MIN_KEY_LENGTH = 24;

export interface Listening {
  readonly host: string;
  readonly apiKey: string | null;
  readonly allowedHosts: readonly string[];
}

/** Whether programs on this machine need a key too: where others may reach the API, or one has been set. */
export function needsKey({ host, apiKey, allowedHosts }: Listening): boolean {
  return apiKey !== null || allowedHosts.length > 0 || !isLoopbackName(host);
}

/**
 * @param hasAdmin whether anybody could sign in as one, or has a key of one
 * @throws DomainError for a key that is too short, and where a key is needed that nobody has
 */
export function assertSafeToListen(listening: Listening, hasAdmin: boolean): void {
  const { host, apiKey } = listening;
  if (apiKey !== null && apiKey.length < MIN_KEY_LENGTH) {
    throw new DomainError(
      'INVALID_INPUT',
      `PLUMBLINE_API_KEY has ${apiKey.length} characters; it needs at least ${MIN_KEY_LENGTH}.`,
      { field: 'PLUMBLINE_API_KEY', fix: 'Generate one: openssl rand -hex 32' },
    );
  }
  if (apiKey !== null || hasAdmin || !needsKey(listening)) return;
  const why = isLoopbackName(host)
    ? 'PLUMBLINE_ALLOWED_HOSTS lets other machines in'
    : `The API would listen on ${host}, where other machines reach it`;
  throw new DomainError('INVALID_INPUT', `${why}, but there is no admin.`, {
    field: 'PLUMBLINE_API_KEY',
    fix: 'Make one: plumb users create --email you@example.com --role admin. Or set PLUMBLINE_API_KEY (openssl rand -hex 32), or listen on 127.0.0.1 only.',
  });
}
