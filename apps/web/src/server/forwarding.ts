/** @file Which requests go on to the API, and how addresses and headers change on the way. */
import { BROWSER_ADDRESS_HEADER } from '@plumbline/contracts';

/** Headers about one connection, and those that the dashboard answers for itself. */
const DROPPED_REQUEST_HEADERS = [
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'cookie',
  'authorization',
  'accept-encoding',
  'x-http-method-override',
  // Checked here; the API is asked by this server, not by a proxy.
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
];
const DROPPED_RESPONSE_HEADERS = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'set-cookie',
];

/** `/api/v1/models?x=1` on the API at `apiUrl`; null for an address that is none of the API's. */
export function apiAddress(requestUrl: string, apiUrl: string): string | null {
  const { pathname, search } = new URL(requestUrl);
  const path = pathname.replace(/^\/api(?=\/)/, '');
  return /^\/(trpc|v1)\//.test(path) ? `${apiUrl}${path}${search}` : null;
}

/** Of whoever connected to this server: the last one that Next knows. Those before it are what others say. */
export function browserAddress(incoming: Headers): string {
  return incoming.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
}

/** @param authorization what `decideAccess` has granted */
export function requestHeaders(incoming: Headers, authorization: string | null): Headers {
  const headers = new Headers(incoming);
  for (const name of DROPPED_REQUEST_HEADERS) headers.delete(name);
  headers.set(BROWSER_ADDRESS_HEADER, browserAddress(incoming));
  // What passes through unpacked keeps its length.
  headers.set('accept-encoding', 'identity');
  if (authorization !== null) headers.set('authorization', authorization);
  return headers;
}

/** A tus server names the new upload in `Location`; the browser must find it through the dashboard. */
export function responseHeaders(incoming: Headers, apiUrl: string): Headers {
  const headers = new Headers(incoming);
  for (const name of DROPPED_RESPONSE_HEADERS) headers.delete(name);
  const location = headers.get('location');
  if (location !== null) {
    const { pathname, search } = new URL(location, `${apiUrl}/`);
    headers.set('location', `/api${pathname}${search}`);
  }
  return headers;
}
