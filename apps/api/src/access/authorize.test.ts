import { DomainError, hostNameOf, isLoopbackAddress, isLoopbackName } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { assertSafeToListen, carriesKey } from './api-key.ts';
import { type AccessRules, type Asking, authorize } from './authorize.ts';

const KEY = 'k'.repeat(32);
const OPEN: AccessRules = { apiKey: null, allowedHosts: ['plumbline.example'] };
const KEYED: AccessRules = { apiKey: KEY, allowedHosts: ['plumbline.example'] };

function asking(changes: Partial<Asking> = {}): Asking {
  return {
    method: 'POST',
    remoteAddress: '127.0.0.1',
    headers: { host: '127.0.0.1:80' },
    ...changes,
  };
}

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
}

describe('without a key', () => {
  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])(
    '%s is let in',
    (remoteAddress) => {
      expect(authorize(asking({ remoteAddress }), OPEN)).toEqual({ kind: 'loopback' });
    },
  );

  test.each(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '127.evil', ''])(
    '%s is not',
    (remoteAddress) => {
      expect(codeOf(() => authorize(asking({ remoteAddress }), OPEN))).toBe('FORBIDDEN');
    },
  );

  test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:8080', '[::1]:8080'])('host %s', (host) => {
    expect(authorize(asking({ headers: { host } }), OPEN).kind).toBe('loopback');
  });

  test.each([
    'evil.example',
    'plumbline.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'localhost:',
    '',
    '10.0.0.1',
  ])('host %s is refused, also for reading', (host) => {
    const request = asking({ method: 'GET', headers: { host } });
    expect(codeOf(() => authorize(request, OPEN))).toBe('FORBIDDEN');
  });

  test.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:5000' },
  ])('changes for %o are refused, reading is not', (foreign) => {
    const headers = { host: 'localhost:80', ...foreign };
    expect(codeOf(() => authorize(asking({ headers }), OPEN))).toBe('FORBIDDEN');
    expect(codeOf(() => authorize(asking({ method: 'GET', headers }), OPEN))).toBe(null);
  });

  test.each([
    { 'x-forwarded-for': '203.0.113.7' },
    { 'x-forwarded-for': '127.0.0.1, 203.0.113.7' },
    { 'x-forwarded-host': 'plumbline.example' },
    { forwarded: 'for=203.0.113.7' },
    { via: '1.1 proxy' },
  ])('what a proxy passes on is refused: %o', (forwarded) => {
    const request = asking({ method: 'GET', headers: { host: 'localhost:80', ...forwarded } });
    expect(codeOf(() => authorize(request, OPEN))).toBe('FORBIDDEN');
  });

  test('what the dashboard passes on for its own pages is let in', () => {
    const headers = {
      host: '127.0.0.1:80',
      origin: 'http://localhost:3000',
      'sec-fetch-site': 'same-origin',
    };
    expect(authorize(asking({ headers }), OPEN).kind).toBe('loopback');
  });
});

describe('with a key', () => {
  test('it is needed even on this machine, and enough from elsewhere', () => {
    expect(codeOf(() => authorize(asking(), KEYED))).toBe('UNAUTHORIZED');
    const headers = { host: 'Plumbline.example:443', authorization: `Bearer ${KEY}` };
    const asked = asking({ remoteAddress: '10.0.0.1', headers });
    expect(authorize(asked, KEYED)).toEqual({ kind: 'key' });
  });

  test.each(['other.example', 'plumbline.example.evil.example', '10.0.0.5'])(
    'but not for the host %s, which is not listed',
    (host) => {
      const headers = { host, authorization: `Bearer ${KEY}` };
      expect(codeOf(() => authorize(asking({ headers }), KEYED))).toBe('FORBIDDEN');
    },
  );

  test('the address of this machine that was connected to needs no listing', () => {
    const headers = { host: '10.0.0.5:4201', authorization: `Bearer ${KEY}` };
    const asked = asking({ headers, localAddress: '::ffff:10.0.0.5' });
    expect(authorize(asked, KEYED).kind).toBe('key');
  });

  test('a page of another site changes nothing, also with the key', () => {
    const headersOf = (origin: string) => ({
      host: 'plumbline.example',
      authorization: `Bearer ${KEY}`,
      origin,
    });
    const code = (origin: string) =>
      codeOf(() => authorize(asking({ headers: headersOf(origin) }), KEYED));
    expect(code('https://evil.example')).toBe('FORBIDDEN');
    expect(code('null')).toBe('FORBIDDEN');
    expect(code('https://plumbline.example')).toBe(null);
  });

  test.each([
    undefined,
    '',
    KEY,
    `Bearer ${KEY}x`,
    `Bearer ${KEY.slice(1)}`,
    `Basic ${KEY}`,
    'Bearer ',
  ])('%s does not carry it', (authorization) => expect(carriesKey(authorization, KEY)).toBe(false));
});

test('the API does not start open to others, nor with a short key', () => {
  expect(codeOf(() => assertSafeToListen('0.0.0.0', null))).toBe('INVALID_INPUT');
  expect(codeOf(() => assertSafeToListen('::', null))).toBe('INVALID_INPUT');
  expect(codeOf(() => assertSafeToListen('127.0.0.1', 'short'))).toBe('INVALID_INPUT');
  expect(codeOf(() => assertSafeToListen('127.0.0.1', null))).toBe(null);
  expect(codeOf(() => assertSafeToListen('127.0.0.1', null, ['a.example']))).toBe('INVALID_INPUT');
  expect(codeOf(() => assertSafeToListen('0.0.0.0', KEY))).toBe(null);
});

test('names and addresses', () => {
  expect(isLoopbackName('[::1]')).toBe(true);
  expect(isLoopbackName('127.0.0.1.nip.io')).toBe(false);
  expect(isLoopbackAddress('localhost')).toBe(false);
  expect(hostNameOf('a/b:80')).toBe(null);
});
