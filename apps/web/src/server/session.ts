/**
 * @file The session cookie. Of somebody who signed in by email it has the token that the API gave. For who has entered
 * `PLUMBLINE_API_KEY` it has a date and a signature that only who has the key can make: nothing of it is kept on the server, and
 * another key ends all such sessions.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A week. */
export const SESSION_SECONDS = 7 * 24 * 3600;

/** One a port: browsers share cookies between all ports of a host, and several dashboards may run there. */
export function sessionCookieName(host: string | null): string {
  const port = /:(\d+)$/.exec(host ?? '')?.[1] ?? 'default';
  return `plumbline-session-${port}`;
}

export function createSession(apiKey: string, now = Date.now()): string {
  const expires = String(Math.floor(now / 1000) + SESSION_SECONDS);
  return `${expires}.${sign(expires, apiKey)}`;
}

export function isSession(value: string, apiKey: string, now = Date.now()): boolean {
  const [expires = '', signature = ''] = value.split('.');
  return isSame(signature, sign(expires, apiKey)) && Number(expires) * 1000 > now;
}

/** Takes the same time for every guess. */
export function isSame(sent: string, expected: string): boolean {
  return timingSafeEqual(digest(sent), digest(expected));
}

function sign(expires: string, apiKey: string): string {
  return createHmac('sha256', apiKey).update(`plumbline dashboard until ${expires}`).digest('hex');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
