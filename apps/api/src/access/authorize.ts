/**
 * @file Decides who may ask. With an API key, whoever sends it. Without one, only programs on this machine, and of
 * those no browser that acts for another site: its pages could reach the loopback interface, by name (DNS rebinding)
 * or by a request across sites.
 */
import { DomainError } from '@plumbline/contracts';
import { carriesKey } from './api-key.ts';
import { hostNameOf, isLoopbackAddress, isLoopbackName } from './loopback.ts';
import type { Principal } from './principal.ts';

export interface Asking {
  readonly method: string;
  readonly remoteAddress: string;
  readonly headers: {
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly authorization?: string | undefined;
    readonly 'sec-fetch-site'?: string | string[] | undefined;
  };
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @throws DomainError UNAUTHORIZED or FORBIDDEN. */
export function authorize(asking: Asking, apiKey: string | null): Principal {
  const { headers } = asking;
  if (apiKey !== null) {
    if (carriesKey(headers.authorization, apiKey)) return { kind: 'key' };
    throw new DomainError('UNAUTHORIZED', 'The API key is missing or wrong.', {
      fix: 'Send the header "Authorization: Bearer <PLUMBLINE_API_KEY>".',
    });
  }
  if (!isLoopbackAddress(asking.remoteAddress)) {
    throw forbidden('Without an API key only programs on this machine are answered.');
  }
  const hostName = hostNameOf(headers.host ?? '');
  if (hostName === null || !isLoopbackName(hostName)) {
    throw forbidden(`Without an API key no request is answered for the host "${headers.host}".`);
  }
  if (!SAFE_METHODS.has(asking.method) && isForeign(headers)) {
    throw forbidden('A page of another site may not change anything here.');
  }
  return { kind: 'loopback' };
}

/**
 * The dashboard passes a browser's headers on, so an origin on another port of this machine is its own, as long as
 * the browser itself says `same-origin`.
 */
function isForeign(headers: Asking['headers']): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  if (headers.origin === undefined) return false;
  const origin = URL.canParse(headers.origin) ? new URL(headers.origin) : null;
  return origin === null || !isLoopbackName(origin.hostname);
}

function forbidden(message: string): DomainError {
  return new DomainError('FORBIDDEN', message, {
    fix: 'Use http://127.0.0.1 on the machine itself, or set PLUMBLINE_API_KEY and send it.',
  });
}
