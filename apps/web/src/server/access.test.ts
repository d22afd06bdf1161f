/** @file Whom the dashboard serves, and what a session is worth. */
import { describe, expect, it } from 'vitest';
import { type AccessRules, decideAccess } from './access.ts';
import { localPath } from './local-path.ts';
import { createSession, isSession, SESSION_SECONDS, sessionCookieName } from './session.ts';

const KEY = 'a-key-that-is-long-enough-1234567890';
const OPEN = { apiKey: null, needsSignIn: false, allowedHosts: ['plumbline.example'] };
const KEYED = { apiKey: KEY, needsSignIn: true, allowedHosts: ['plumbline.example'] };
/** Users, and no key in the environment. */
const USERS = { ...KEYED, apiKey: null };
/** What Next adds to a request of a browser on this machine. */
const LOCAL = {
  host: '127.0.0.1:4200',
  'x-forwarded-for': '::ffff:127.0.0.1',
  'x-forwarded-host': '127.0.0.1:4200',
  'x-forwarded-proto': 'http',
};

function access(rules: AccessRules, changes: object = {}, method = 'GET'): string {
  const headers = new Headers({ ...LOCAL, ...changes } as Record<string, string>);
  return decideAccess(method, headers, rules).kind;
}

function at(host: string): object {
  return { host, 'x-forwarded-host': host };
}

describe('without a key', () => {
  it.each(['localhost:4200', '127.0.0.1:4200', '[::1]:4200'])('%s is served', (host) => {
    expect(access(OPEN, at(host))).toBe('granted');
  });

  it.each(['rebound.example', 'plumbline.example', '10.0.0.5:4200', 'localhost.evil.example', ''])(
    '%s is not, also for reading',
    (host) => expect(access(OPEN, at(host))).toBe('forbidden'),
  );

  it.each([
    { 'x-forwarded-for': '203.0.113.7' },
    { 'x-forwarded-for': '127.0.0.1, 203.0.113.7' },
    { 'x-forwarded-host': 'plumbline.example' },
    { forwarded: 'for=203.0.113.7' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '203.0.113.7' },
  ])('a proxy is not: %o', (headers) => expect(access(OPEN, headers)).toBe('forbidden'));
});

describe('with a key', () => {
  const session = createSession(KEY);
  const cookie = (value: string, port = '4200') => ({
    cookie: `x=1; plumbline-session-${port}=${value}`,
  });

  it('nobody is served without signing in, also on this machine', () => {
    expect(access(KEYED)).toBe('sign-in');
    expect(access(KEYED, { authorization: 'Bearer wrong' })).toBe('sign-in');
    expect(access(KEYED, { authorization: `Bearer ${KEY}` })).toBe('granted');
    expect(access(KEYED, cookie(session))).toBe('granted');
    expect(access(KEYED, cookie(session, '9999'))).toBe('sign-in');
    expect(access(KEYED, cookie(createSession('another key')))).toBe('sign-in');
  });

  it('listed hosts are answered, through a proxy too, and no others', () => {
    const through = { ...cookie(session, 'default'), 'x-forwarded-for': '203.0.113.7' };
    expect(access(KEYED, { ...through, ...at('plumbline.example') })).toBe('granted');
    expect(access(KEYED, { ...through, ...at('rebound.example') })).toBe('forbidden');
  });

  it('a page of another site changes nothing, signed in or not', () => {
    const foreign = { ...cookie(session), origin: 'https://evil.example' };
    expect(access(KEYED, foreign, 'POST')).toBe('forbidden');
    expect(access(KEYED, { ...cookie(session), 'sec-fetch-site': 'same-site' }, 'DELETE')).toBe(
      'forbidden',
    );
    expect(access(KEYED, { ...cookie(session), origin: 'http://127.0.0.1:4200' }, 'POST')).toBe(
      'granted',
    );
  });
});

describe('what the API is asked with', () => {
  const token = `plumbs_${'s'.repeat(43)}`;
  const key = `plumb_${'k'.repeat(43)}`;
  const authorization = (rules: AccessRules, changes: object): string | null | undefined => {
    const headers = new Headers({ ...LOCAL, ...changes } as Record<string, string>);
    const decided = decideAccess('GET', headers, rules);
    return decided.kind === 'granted' ? decided.authorization : undefined;
  };
  const cookie = (value: string) => ({ cookie: `plumbline-session-4200=${value}` });

  it('is what the browser has brought, and never a key that it has not', () => {
    for (const rules of [KEYED, USERS]) {
      expect(authorization(rules, {})).toBe(undefined);
      expect(authorization(rules, cookie(token))).toBe(`Bearer ${token}`);
      expect(authorization(rules, { authorization: `Bearer ${key}` })).toBe(`Bearer ${key}`);
      for (const wrong of ['x', `${token}x`, 'undefined', '']) {
        expect(authorization(rules, cookie(wrong))).toBe(undefined);
        expect(authorization(rules, { authorization: `Bearer ${wrong}` })).toBe(undefined);
      }
    }
    expect(authorization(KEYED, cookie(createSession(KEY)))).toBe(`Bearer ${KEY}`);
    expect(authorization(USERS, cookie(createSession(KEY)))).toBe(undefined);
    expect(authorization(OPEN, cookie(token))).toBe(null);
  });
});

describe('sessions', () => {
  it('end by their date, and can not be extended or made without the key', () => {
    const now = Date.now();
    const session = createSession(KEY, now);
    expect(isSession(session, KEY, now)).toBe(true);
    expect(isSession(session, KEY, now + (SESSION_SECONDS + 1) * 1000)).toBe(false);
    const [expires = '', signature = ''] = session.split('.');
    expect(isSession(`${Number(expires) + 1}.${signature}`, KEY, now)).toBe(false);
    for (const value of ['', '.', 'NaN.', expires]) expect(isSession(value, KEY, now)).toBe(false);
    expect(session).not.toContain(KEY);
  });

  it('have a cookie a port', () => {
    expect(sessionCookieName('localhost:4200')).toBe('plumbline-session-4200');
    expect(sessionCookieName('plumbline.example')).toBe('plumbline-session-default');
  });
});

it('signing in leads to a page of the dashboard and nowhere else', () => {
  expect(localPath('/runs/a?tab=log')).toBe('/runs/a?tab=log');
  for (const wanted of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '',
    null,
    '/a/..//evil.example',
  ]) {
    expect(localPath(wanted)).toBe('/');
  }
});
