/**
 * @file Decides whom the dashboard serves, by the API's own rules: the host asked for is this machine or listed, no page
 * of another site changes anything, and where signing in is needed nobody gets anything without it. The API is asked with
 * what the browser itself has brought: the token of a session, or a key. `PLUMBLINE_API_KEY` is added only for who has entered it.
 * Where signing in is not needed, nobody is served for whom a proxy asks.
 */
import {
  API_KEY_PATTERN,
  hostNameOf,
  isLoopbackAddress,
  isLoopbackName,
  SESSION_PATTERN,
} from '@plumbline/contracts';
import { isCrossSite } from './is-cross-site.ts';
import { isSame, isSession, sessionCookieName } from './session.ts';

export interface AccessRules {
  readonly apiKey: string | null;
  readonly needsSignIn: boolean;
  /** In lower case, of `PLUMBLINE_ALLOWED_HOSTS`. They count only where signing in is needed. */
  readonly allowedHosts: readonly string[];
}

export type Access =
  /** `authorization` goes on to the API, which has the last word on it; null where none is needed. */
  | { readonly kind: 'granted'; readonly authorization: string | null }
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'forbidden'; readonly message: string; readonly fix: string };

/** @param headers as they arrived: with the cookie, and with what Next adds of the connection (`x-forwarded-…`) */
export function decideAccess(method: string, headers: Headers, rules: AccessRules): Access {
  const refused = refuseHost(method, headers, rules);
  if (refused !== null) return refused;
  if (!rules.needsSignIn)
    return isForwarded(headers) ? forbidden(BY_PROXY, SET_KEY) : granted(null);
  const secret = secretOf(headers, rules);
  return secret === null ? { kind: 'sign-in' } : granted(secret);
}

/** What the browser or program has brought that the API may know. */
function secretOf(headers: Headers, { apiKey }: AccessRules): string | null {
  const sent = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (sent !== undefined) {
    const isKnown = API_KEY_PATTERN.test(sent) || SESSION_PATTERN.test(sent);
    return isKnown || (apiKey !== null && isSame(sent, apiKey)) ? sent : null;
  }
  const cookie = cookieOf(headers, sessionCookieName(headers.get('host')));
  if (cookie === null) return null;
  if (SESSION_PATTERN.test(cookie)) return cookie;
  return apiKey !== null && isSession(cookie, apiKey) ? apiKey : null;
}

function granted(secret: string | null): Access {
  return { kind: 'granted', authorization: secret === null ? null : `Bearer ${secret}` };
}

/** What is checked before anybody may even sign in; null when nothing is wrong. */
export function refuseHost(method: string, headers: Headers, rules: AccessRules): Access | null {
  const host = headers.get('host') ?? '';
  const name = hostNameOf(host) ?? '';
  const isListed = rules.needsSignIn && rules.allowedHosts.includes(name.toLowerCase());
  if (!isLoopbackName(name) && !isListed) {
    return forbidden(`The dashboard does not answer for the host "${host}".`, LIST_HOST);
  }
  if (isCrossSite(method, headers)) return forbidden(OTHER_SITE, LIST_HOST);
  return null;
}

/**
 * Next fills in `x-forwarded-for` and `-host` from the connection where they are missing, so that a direct request has a
 * loopback address and its own host there.
 */
function isForwarded(headers: Headers): boolean {
  if (['forwarded', 'via', 'x-real-ip'].some((name) => headers.has(name))) return true;
  const addresses = headers.get('x-forwarded-for')?.split(',') ?? [];
  if (!addresses.every((address) => isLoopbackAddress(address.trim()))) return true;
  const host = headers.get('x-forwarded-host');
  return host !== null && host !== headers.get('host');
}

function cookieOf(headers: Headers, name: string): string | null {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

function forbidden(message: string, fix: string): Access {
  return { kind: 'forbidden', message, fix };
}

const BY_PROXY = 'While nobody has to sign in, the dashboard does not answer through a proxy.';
const OTHER_SITE = 'A page of another site may not change anything here.';
const SET_KEY =
  'Open http://127.0.0.1 on the machine itself, or make an admin (plumb users create) or set PLUMBLINE_API_KEY, and start the platform with PLUMBLINE_ALLOWED_HOSTS.';
const LIST_HOST =
  'Open http://127.0.0.1 on the machine itself, or make an admin (plumb users create) or set PLUMBLINE_API_KEY, and start the platform with this host in PLUMBLINE_ALLOWED_HOSTS.';
