/**
 * @file Decides who may ask. The host asked for must be this machine or one that is allowed by name, since a page
 * anywhere can lead its own name to this address (DNS rebinding), and no browser may change anything for another site.
 * Beyond that: whoever sends a key that counts. Where none is needed, also programs on this machine that nobody stands before.
 */
import { DomainError, hostNameOf, isLoopbackAddress, isLoopbackName } from '@plumbline/contracts';
import { LOOPBACK, type Principal } from './principal.ts';
import { sameAddress } from './same-address.ts';

export interface Asking {
  readonly method: string;
  readonly remoteAddress: string;
  /** The address of this machine that was connected to. */
  readonly localAddress?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface AccessRules {
  /** Whether programs on this machine need a key as well. */
  readonly needsKey: boolean;
  /** Names beside this machine's own, of `PLUMBLINE_ALLOWED_HOSTS`. They count only where a key is needed. */
  readonly allowedHosts: readonly string[];
}

/** Null for a secret that is nobody's. */
export type Identify = (secret: string) => Promise<Principal | null>;

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What a proxy says of whom it asks for. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** @throws DomainError UNAUTHORIZED or FORBIDDEN. */
export async function authorize(
  asking: Asking,
  rules: AccessRules,
  identify: Identify,
): Promise<Principal> {
  requireHost(asking, rules);
  const authorization = textOf(asking.headers['authorization']);
  if (authorization === undefined) {
    if (rules.needsKey) throw unauthorized('The API key is missing.');
    requireThisMachine(asking);
    return LOOPBACK;
  }
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const principal = secret === undefined ? null : await identify(secret);
  if (principal === null)
    throw unauthorized('The API key or session is wrong, has expired or was ended.');
  return principal;
}

/** Who has nothing to show yet, and wants to sign in. @throws DomainError FORBIDDEN */
export function authorizeGuest(asking: Asking, rules: AccessRules): void {
  requireHost(asking, rules);
  if (!rules.needsKey) requireThisMachine(asking);
}

/** What is checked before anybody's key is looked at. */
function requireHost({ method, headers, localAddress }: Asking, rules: AccessRules): void {
  const host = textOf(headers['host']) ?? '';
  const hostName = hostNameOf(host);
  const isOwn = hostName !== null && sameAddress(hostName, localAddress ?? '');
  if (hostName === null || !(isAllowed(hostName, rules) || isOwn)) {
    throw forbidden(`The API does not answer for the host "${host}".`, ALLOW_HOST);
  }
  if (!SAFE_METHODS.has(method) && isForeign(headers, rules, hostName)) {
    throw forbidden('A page of another site may not change anything here.', ALLOW_HOST);
  }
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

function isAllowed(hostName: string, { needsKey, allowedHosts }: AccessRules): boolean {
  if (isLoopbackName(hostName)) return true;
  return needsKey && allowedHosts.includes(hostName.toLowerCase());
}

/**
 * The dashboard passes a browser's headers on, so an origin on another port of this machine, or of an allowed host, is its
 * own, as long as the browser itself says `same-origin`.
 */
function isForeign(headers: Asking['headers'], rules: AccessRules, hostName: string): boolean {
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

function unauthorized(message: string): DomainError {
  return new DomainError('UNAUTHORIZED', message, {
    fix: 'Send the header "Authorization: Bearer <key>" with a key of plumb keys create (plumb itself sends PLUMBLINE_API_KEY). In the dashboard, sign in again.',
  });
}
