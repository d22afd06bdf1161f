import { DomainError, hostNameOf, isLoopbackAddress, isLoopbackName } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { assertSafeToListen, needsKey } from './api-key.ts';
import { type AccessRules, type Asking, authorize as authorizeBy } from './authorize.ts';
import { ENVIRONMENT, LOOPBACK, type Principal } from './principal.ts';

const KEY = 'k'.repeat(32);
const OPEN: AccessRules = { needsKey: false, allowedHosts: ['plumbline.example'] };
const KEYED: AccessRules = { needsKey: true, allowedHosts: ['plumbline.example'] };

function asking(changes: Partial<Asking> = {}): Asking {
  return {
    method: 'POST',
    remoteAddress: '127.0.0.1',
    headers: { host: '127.0.0.1:80' },
    ...changes,
  };
}

const identify = async (secret: string) => (secret === KEY ? ENVIRONMENT : null);
const authorize = (asked: Asking, rules: AccessRules): Promise<Principal> =>
  authorizeBy(asked, rules, identify);

async function codeOf(work: () => unknown): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
}

describe('without a key', () => {
  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])(
    '%s is let in',
    async (remoteAddress) => {
      expect(await authorize(asking({ remoteAddress }), OPEN)).toBe(LOOPBACK);
    },
  );

  test.each(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '127.evil', ''])(
    '%s is not',
    async (remoteAddress) => {
      expect(await codeOf(() => authorize(asking({ remoteAddress }), OPEN))).toBe('FORBIDDEN');
    },
  );

  test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:8080', '[::1]:8080'])(
    'host %s',
    async (host) => {
      expect(await authorize(asking({ headers: { host } }), OPEN)).toBe(LOOPBACK);
    },
  );

  test.each([
    'evil.example',
    'plumbline.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'localhost:',
    '',
    '10.0.0.1',
  ])('host %s is refused, also for reading', async (host) => {
    const request = asking({ method: 'GET', headers: { host } });
    expect(await codeOf(() => authorize(request, OPEN))).toBe('FORBIDDEN');
  });

  test.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:5000' },
  ])('changes for %o are refused, reading is not', async (foreign) => {
    const headers = { host: 'localhost:80', ...foreign };
    expect(await codeOf(() => authorize(asking({ headers }), OPEN))).toBe('FORBIDDEN');
    expect(await codeOf(() => authorize(asking({ method: 'GET', headers }), OPEN))).toBe(null);
  });

  test.each([
    { 'x-forwarded-for': '203.0.113.7' },
    { 'x-forwarded-for': '127.0.0.1, 203.0.113.7' },
    { 'x-forwarded-host': 'plumbline.example' },
    { forwarded: 'for=203.0.113.7' },
    { via: '1.1 proxy' },
  ])('what a proxy passes on is refused: %o', async (forwarded) => {
    const request = asking({ method: 'GET', headers: { host: 'localhost:80', ...forwarded } });
    expect(await codeOf(() => authorize(request, OPEN))).toBe('FORBIDDEN');
  });

  test('what the dashboard passes on for its own pages is let in', async () => {
    const headers = {
      host: '127.0.0.1:80',
      origin: 'http://localhost:3000',
      'sec-fetch-site': 'same-origin',
    };
    expect(await authorize(asking({ headers }), OPEN)).toBe(LOOPBACK);
  });
});

describe('with a key', () => {
  test('it is needed even on this machine, and enough from elsewhere', async () => {
    expect(await codeOf(() => authorize(asking(), KEYED))).toBe('UNAUTHORIZED');
    const headers = { host: 'Plumbline.example:443', authorization: `Bearer ${KEY}` };
    const asked = asking({ remoteAddress: '10.0.0.1', headers });
    expect(await authorize(asked, KEYED)).toBe(ENVIRONMENT);
  });

  test.each(['other.example', 'plumbline.example.evil.example', '10.0.0.5'])(
    'but not for the host %s, which is not listed',
    async (host) => {
      const headers = { host, authorization: `Bearer ${KEY}` };
      expect(await codeOf(() => authorize(asking({ headers }), KEYED))).toBe('FORBIDDEN');
    },
  );

  test('the address of this machine that was connected to needs no listing', async () => {
    const headers = { host: '10.0.0.5:4201', authorization: `Bearer ${KEY}` };
    const asked = asking({ headers, localAddress: '::ffff:10.0.0.5' });
    expect(await authorize(asked, KEYED)).toBe(ENVIRONMENT);
  });

  test('a page of another site changes nothing, also with the key', async () => {
    const headersOf = (origin: string) => ({
      host: 'plumbline.example',
      authorization: `Bearer ${KEY}`,
      origin,
    });
    const code = (origin: string) =>
      codeOf(() => authorize(asking({ headers: headersOf(origin) }), KEYED));
    expect(await code('https://evil.example')).toBe('FORBIDDEN');
    expect(await code('null')).toBe('FORBIDDEN');
    expect(await code('https://plumbline.example')).toBe(null);
  });

  test.each([
    undefined,
    '',
    KEY,
    `Bearer ${KEY}x`,
    `Bearer ${KEY.slice(1)}`,
    `Basic ${KEY}`,
    'Bearer ',
  ])('%s does not carry it', async (authorization) => {
    const headers = { host: 'localhost', authorization };
    for (const rules of authorization === undefined ? [KEYED] : [KEYED, OPEN]) {
      expect(await codeOf(() => authorize(asking({ headers }), rules))).toBe('UNAUTHORIZED');
    }
  });
});

test('the API does not start open to others, nor with a short key', () => {
  const refusal = (host: string, apiKey: string | null, hosts: string[] = [], hasAdmin = false) => {
    try {
      assertSafeToListen({ host, apiKey, allowedHosts: hosts }, hasAdmin);
      return null;
    } catch (error) {
      return error instanceof DomainError ? error.fix : String(error);
    }
  };
  for (const host of ['0.0.0.0', '::', '10.0.0.5'])
    expect(refusal(host, null)).toContain('plumb users create');
  expect(refusal('127.0.0.1', null, ['a.example'])).toContain('plumb users create');
  expect(refusal('127.0.0.1', 'short')).toContain('openssl');
  expect(refusal('127.0.0.1', null)).toBe(null);
  expect(refusal('0.0.0.0', KEY)).toBe(null);
  expect(refusal('0.0.0.0', null, [], true)).toBe(null);
  expect(refusal('127.0.0.1', null, ['a.example'], true)).toBe(null);
  expect(needsKey({ host: '127.0.0.1', apiKey: null, allowedHosts: [] })).toBe(false);
  expect(needsKey({ host: '0.0.0.0', apiKey: null, allowedHosts: [] })).toBe(true);
});

test('names and addresses', () => {
  expect(isLoopbackName('[::1]')).toBe(true);
  expect(isLoopbackName('127.0.0.1.nip.io')).toBe(false);
  expect(isLoopbackAddress('localhost')).toBe(false);
  expect(hostNameOf('a/b:80')).toBe(null);
});
