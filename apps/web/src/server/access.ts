/**
 * @file Decides whom the dashboard serves, by the API's own rules: the host asked for is this machine or listed, no page
 * of another site changes anything, and with an API key only who has signed in (or sends the key) gets anything that the
 * key opens. Without a key nobody is served for whom a proxy asks.
 */
import { hostNameOf, isLoopbackAddress, isLoopbackName } from '@plumbline/contracts';
import { isCrossSite } from './is-cross-site.ts';
import { isSame, isSession, sessionCookieName } from './session.ts';

export interface AccessRules {
  readonly apiKey: string | null;
  /** In lower case, of `PLUMBLINE_ALLOWED_HOSTS`. Without a key they do not count. */
  readonly allowedHosts: readonly string[];
}

export type Access =
  | { readonly kind: 'granted' }
  /** The API key must be entered first. */
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'forbidden'; readonly message: string; readonly fix: string };

const GRANTED: Access = { kind: 'granted' };

/** @param headers as they arrived: with the cookie, and with what Next adds of the connection (`x-forwarded-…`) */
export function decideAccess(method: string, headers: Headers, rules: AccessRules): Access {
  const refused = refuseHost(method, headers, rules);
  if (refused !== null) return refused;
  const { apiKey } = rules;
  if (apiKey === null) return isForwarded(headers) ? forbidden(BY_PROXY, SET_KEY) : GRANTED;
  const key = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (key !== undefined && isSame(key, apiKey)) return GRANTED;
  const session = cookieOf(headers, sessionCookieName(headers.get('host')));
  return session !== null && isSession(session, apiKey) ? GRANTED : { kind: 'sign-in' };
}

/** What is checked before anybody may even sign in; null when nothing is wrong. */
export function refuseHost(method: string, headers: Headers, rules: AccessRules): Access | null {
  const host = headers.get('host') ?? '';
  const name = hostNameOf(host) ?? '';
  const isListed = rules.apiKey !== null && rules.allowedHosts.includes(name.toLowerCase());
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

const BY_PROXY = 'Without an API key the dashboard does not answer through a proxy.';
const OTHER_SITE = 'A page of another site may not change anything here.';
const SET_KEY =
  'Open http://127.0.0.1 on the machine itself, or start the platform with PLUMBLINE_API_KEY and PLUMBLINE_ALLOWED_HOSTS.';
const LIST_HOST =
  'Open http://127.0.0.1 on the machine itself, or start the platform with PLUMBLINE_API_KEY and with this host in PLUMBLINE_ALLOWED_HOSTS.';
