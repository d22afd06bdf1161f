/**
 * @file Decides who may ask. The host asked for must be this machine or one that is allowed by name, since a page
 * anywhere can lead its own name to this address (DNS rebinding), and no browser may change anything for another site.
 * Beyond that: with an API key, whoever sends it. Without one, only programs on this machine that nobody stands before.
 */
import { DomainError, hostNameOf, isLoopbackAddress, isLoopbackName } from '@plumbline/contracts';
import { carriesKey } from './api-key.ts';
import type { Principal } from './principal.ts';
import { sameAddress } from './same-address.ts';

export interface Asking {
  readonly method: string;
  readonly remoteAddress: string;
  /** The address of this machine that was connected to. */
  readonly localAddress?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface AccessRules {
  readonly apiKey: string | null;
  /** Names beside this machine's own, of `PLUMBLINE_ALLOWED_HOSTS`. Without a key there are none. */
  readonly allowedHosts: readonly string[];
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What a proxy says of whom it asks for. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** @throws DomainError UNAUTHORIZED or FORBIDDEN. */
export function authorize(asking: Asking, rules: AccessRules): Principal {
  const { apiKey } = rules;
  const { headers, method } = asking;
  if (apiKey !== null && !carriesKey(textOf(headers['authorization']), apiKey)) {
    throw new DomainError('UNAUTHORIZED', 'The API key is missing or wrong.', {
      fix: 'Send the header "Authorization: Bearer <PLUMBLINE_API_KEY>".',
    });
  }
  if (apiKey === null) requireThisMachine(asking);
  const host = textOf(headers['host']) ?? '';
  const hostName = hostNameOf(host);
  const isOwn = hostName !== null && sameAddress(hostName, asking.localAddress ?? '');
  if (hostName === null || !(isAllowed(hostName, rules) || isOwn)) {
    throw forbidden(`The API does not answer for the host "${host}".`, ALLOW_HOST);
  }
  if (!SAFE_METHODS.has(method) && isForeign(asking, rules, hostName)) {
    throw forbidden('A page of another site may not change anything here.', ALLOW_HOST);
  }
  return { kind: apiKey === null ? 'loopback' : 'key' };
}

function requireThisMachine({ remoteAddress, headers }: Asking): void {
  if (!isLoopbackAddress(remoteAddress)) {
    throw forbidden('Without an API key, the API only answers programs on this machine.', SET_KEY);
  }
  const proxy = FORWARDING_HEADERS.find((name) => headers[name] !== undefined);
  if (proxy !== undefined) {
    throw forbidden(
      `Without an API key, the API does not answer requests that come through a proxy (this one has the header ${proxy}).`,
      SET_KEY,
    );
  }
}

function isAllowed(hostName: string, { apiKey, allowedHosts }: AccessRules): boolean {
  if (isLoopbackName(hostName)) return true;
  return apiKey !== null && allowedHosts.includes(hostName.toLowerCase());
}

/**
 * The dashboard passes a browser's headers on, so an origin on another port of this machine, or of an allowed host, is its
 * own, as long as the browser itself says `same-origin`.
 */
function isForeign({ headers }: Asking, rules: AccessRules, hostName: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const sent = textOf(headers['origin']);
  if (sent === undefined) return false;
  const origin = URL.canParse(sent) ? new URL(sent) : null;
  if (origin === null || origin.hostname === '') return true;
  return !isAllowed(origin.hostname, rules) && origin.hostname !== hostName;
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}

const SET_KEY = 'Use http://127.0.0.1 on the machine itself, or set PLUMBLINE_API_KEY and send it.';
const ALLOW_HOST =
  'Use http://127.0.0.1 on the machine itself, or set PLUMBLINE_API_KEY and list the host in PLUMBLINE_ALLOWED_HOSTS.';

function forbidden(message: string, fix: string): DomainError {
  return new DomainError('FORBIDDEN', message, { fix });
}
