/** @file The access check in front of every route there is. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from '../testing/all-routes.ts';
import { errorOf } from '../testing/error-of.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const KEY = 'a-key-that-is-long-enough-1234567890';
/** Every address of the API that is not open to anyone, one that does not exist, and one of each kind over tRPC. */
function guardedRoutes(platform: TestPlatform) {
  const routes = allRoutes(platform).filter(({ least }) => least !== 'anyone');
  return [
    ...routes,
    { method: 'GET', path: '/no/where' },
    { method: 'POST', path: '/trpc/runs.start' },
  ];
}

/** Sends headers that `fetch` does not let one choose. */
function send(url: string, method: string, headers: Record<string, string>) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

function expectRefusal(
  answer: { status: number; body: string },
  method: string,
  status: number,
  code: string,
) {
  expect(answer.status).toBe(status);
  if (method !== 'HEAD') expect(errorOf(answer.body)).toMatchObject({ code });
}

describe('with a key', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform({ apiKey: KEY, allowedHosts: ['plumbline.example'] });
  });
  afterAll(() => platform?.stop());

  test('every route but /healthz and /readyz needs it', async () => {
    // Signing in is for whoever has no key.
    const routes = guardedRoutes(platform).filter(({ path }) => path !== '/v1/session');
    expect(routes.length).toBeGreaterThan(90);
    for (const { method, path } of routes) {
      for (const headers of [{}, { authorization: `Bearer ${KEY}!` }]) {
        expectRefusal(
          await send(`${platform.url}${path}`, method, headers),
          method,
          401,
          'UNAUTHORIZED',
        );
      }
    }
    for (const path of ['/healthz', '/readyz'])
      expect((await fetch(`${platform.url}${path}`)).status).toBe(200);
    const refused = await fetch(`${platform.url}/v1/models`);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('with it only this machine and listed hosts are answered, on every route', async () => {
    const authorization = `Bearer ${KEY}`;
    for (const { method, path } of guardedRoutes(platform)) {
      const headers = { authorization, host: 'rebound.example' };
      const answer = await send(`${platform.url}${path}`, method, headers);
      expectRefusal(answer, method, 403, 'FORBIDDEN');
    }
    const models = `${platform.url}/v1/models`;
    const listed = { authorization, host: 'plumbline.example:8443' };
    expect((await send(models, 'GET', listed)).status).toBe(200);
    expect((await send(models, 'GET', { authorization })).status).toBe(200);
  });

  test('with it no route that changes anything answers a page of another site', async () => {
    const authorization = `Bearer ${KEY}`;
    for (const { method, path } of guardedRoutes(platform)) {
      if (['GET', 'HEAD', 'OPTIONS'].includes(method)) continue;
      const headers = { authorization, origin: 'https://evil.example' };
      const answer = await send(`${platform.url}${path}`, method, headers);
      expectRefusal(answer, method, 403, 'FORBIDDEN');
    }
  });
});

describe('without a key', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform();
  });
  afterAll(() => platform?.stop());

  test('no route answers under a name that is not of this machine', async () => {
    for (const { method, path } of guardedRoutes(platform)) {
      const answer = await send(`${platform.url}${path}`, method, { host: 'rebound.example' });
      expectRefusal(answer, method, 403, 'FORBIDDEN');
    }
  });

  test('no route that changes anything answers a page of another site', async () => {
    for (const { method, path } of guardedRoutes(platform)) {
      if (['GET', 'HEAD', 'OPTIONS'].includes(method)) continue;
      for (const headers of [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        const answer = await send(`${platform.url}${path}`, method, headers);
        expectRefusal(answer, method, 403, 'FORBIDDEN');
      }
    }
  });
});
