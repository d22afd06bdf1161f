/** @file Where messages about drift are sent, as the environment of the platform says. */
import { DomainError } from './errors.ts';

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

const LEAST_SECRET = 16;

/**
 * Of `PLUMBLINE_WEBHOOK_URL` and `PLUMBLINE_WEBHOOK_SECRET`; null where there is no address. Private addresses are as good as
 * others: who sets the variable runs the platform, and receivers are mostly in the same network.
 * @throws DomainError naming the variable
 */
export function webhookOf(url: string | undefined, secret: string | undefined): Webhook | null {
  const [address, key] = [url?.trim() ?? '', secret?.trim() ?? ''];
  if (address === '') return null;
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
    throw new DomainError('INVALID_INPUT', `PLUMBLINE_WEBHOOK_URL is "${address}".`, {
      field: 'PLUMBLINE_WEBHOOK_URL',
      fix: 'Use an address that begins with https:// or http://, or leave it out.',
    });
  if (key.length < LEAST_SECRET)
    throw new DomainError(
      'INVALID_INPUT',
      `PLUMBLINE_WEBHOOK_SECRET ${key === '' ? 'is not set' : `has fewer than ${LEAST_SECRET} characters`}.`,
      {
        field: 'PLUMBLINE_WEBHOOK_SECRET',
        fix: 'Set it to a long random text, such as that of "openssl rand -hex 32": the receiver checks by it who sent a message.',
      },
    );
  return { url: address, secret: key };
}
