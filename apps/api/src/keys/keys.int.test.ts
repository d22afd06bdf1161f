/** @file API keys as their holders meet them: shown once, hashed, ended by date or by hand, in every API process at once. */
import type { ApiKey, CreatedApiKey } from '@plumbline/contracts';
import { runSql } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOfSecret } from '../access/credentials.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const KEY = 'a-key-that-is-long-enough-1234567890';

let platform: TestPlatform;
/** Another API process on the same database. */
let replica: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ apiKey: KEY });
  replica = await startTestPlatform({ apiKey: KEY, databaseUrl: platform.databaseUrl });
});
afterAll(async () => {
  await replica?.stop();
  await platform?.stop();
});

async function ask(method: string, path: string, key: string, body?: object) {
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  type Body = Record<string, unknown> & { error?: { field?: string } };
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
}

async function create(name: string, more: object = {}): Promise<CreatedApiKey> {
  const made = await ask('POST', '/v1/keys', KEY, { name, role: 'viewer', ...more });
  expect([made.status, made.headers.get('location')]).toEqual([201, `/v1/keys/${made.body['id']}`]);
  return made.body as unknown as CreatedApiKey;
}

const statusAt = async ({ url }: TestPlatform, key: string) =>
  (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;

test('the secret is shown once, and only its hash is kept', async () => {
  const { secret, ...key } = await create('line 3', { role: 'operator' });
  expect(secret).toMatch(/^plumb_[\w-]{43}$/);
  expect(key).toMatchObject({
    name: 'line 3',
    role: 'operator',
    start: secret.slice(0, 10),
    createdBy: 'holder of PLUMBLINE_API_KEY',
    expiresAt: null,
  });
  const listed = (await ask('GET', '/v1/keys', KEY)).body as unknown as ApiKey[];
  expect(listed.find(({ id }) => id === key.id)).toEqual(key);
  expect((await ask('GET', `/v1/keys/${key.id}`, KEY)).body).toEqual(key);
  const rows = await runSql(platform.databaseUrl, 'SELECT * FROM "ApiKey"');
  expect(JSON.stringify(rows)).not.toContain(secret.slice(10));
  expect(rows).toContainEqual(expect.objectContaining({ hash: hashOfSecret(secret) }));
  expect((await ask('GET', '/v1/me', secret)).body).toEqual({
    kind: 'key',
    name: 'key "line 3"',
    role: 'operator',
  });
});

test('a key that is revoked here is refused at once, here and by every other API process', async () => {
  const { secret, id } = await create('short-lived');
  expect([await statusAt(platform, secret), await statusAt(replica, secret)]).toEqual([200, 200]);
  const revoked = await ask('POST', '/v1/keys/short-lived/revoke', KEY, {});
  expect(revoked.body).toMatchObject({ id, revokedAt: expect.any(String) });
  expect(await statusAt(platform, secret)).toBe(401);
  await expect.poll(() => statusAt(replica, secret), { timeout: 3_000, interval: 20 }).toBe(401);
  // Again by its id, and by nothing: the same answer, and a refusal.
  expect((await ask('POST', `/v1/keys/${id}/revoke`, KEY, {})).body).toEqual(revoked.body);
  expect((await ask('POST', '/v1/keys/short-lived/revoke', KEY, {})).status).toBe(404);
  expect((await create('short-lived')).id).not.toBe(id);
});

test('one that is deleted or changed by hand in the database is noticed too', async () => {
  const { secret, id } = await create('by hand');
  expect([await statusAt(platform, secret), await statusAt(replica, secret)]).toEqual([200, 200]);
  await runSql(platform.databaseUrl, 'DELETE FROM "ApiKey" WHERE id = $1', [id]);
  for (const process of [platform, replica])
    await expect.poll(() => statusAt(process, secret), { timeout: 3_000 }).toBe(401);
});

test('ends by its date', async () => {
  const expiresAt = new Date(Date.now() + 700).toISOString();
  const { secret } = await create('until soon', { expiresAt });
  expect(await statusAt(platform, secret)).toBe(200);
  await expect.poll(() => statusAt(platform, secret), { timeout: 3_000 }).toBe(401);
  const past = await ask('POST', '/v1/keys', KEY, {
    name: 'past',
    role: 'viewer',
    expiresAt: '2020-01-01T00:00:00Z',
  });
  expect([past.status, past.body.error?.field]).toEqual([400, 'expiresAt']);
});

test('of two of one name that are made at once, one is', async () => {
  const both = await Promise.all(
    [1, 2].map(() => ask('POST', '/v1/keys', KEY, { name: 'twin', role: 'viewer' })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  for (const name of ['', ' a', 'a'.repeat(65), 'a/b', 'a\u0000'])
    expect((await ask('POST', '/v1/keys', KEY, { name, role: 'viewer' })).status).toBe(400);
  expect((await ask('POST', '/v1/keys', KEY, { name: 'x', role: 'root' })).status).toBe(400);
});

test('when it was used last is written at most once a minute', async () => {
  const { secret, id } = await create('busy');
  const sql = 'SELECT "lastUsedAt"::text AS at FROM "ApiKey" WHERE id = $1';
  const used = async () => (await runSql(platform.databaseUrl, sql, [id]))[0]?.['at'];
  expect(await used()).toBe(null);
  await statusAt(platform, secret);
  await expect.poll(used).not.toBe(null);
  const first = await used();
  await Promise.all(Array.from({ length: 20 }, () => statusAt(platform, secret)));
  // Not by another process either.
  await statusAt(replica, secret);
  await replica.database.apiKeys.markUsed(id);
  expect(await used()).toBe(first);
  await replica.database.apiKeys.markUsed(id, new Date(Date.now() + 61_000));
  expect(await used()).not.toBe(first);
});

test('a wrong secret is 401 with WWW-Authenticate, also on this machine where no key is needed', async () => {
  const open = await startTestPlatform({ databaseUrl: platform.databaseUrl });
  try {
    const { secret } = await create('viewer here');
    for (const wrong of [`plumb_${'a'.repeat(43)}`, `${secret}x`, KEY, 'x']) {
      const answer = await fetch(`${open.url}/v1/models`, {
        headers: { authorization: `Bearer ${wrong}` },
      });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await fetch(`${open.url}/v1/keys`)).status).toBe(200);
    const asViewer = await fetch(`${open.url}/v1/keys`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(asViewer.status).toBe(403);
  } finally {
    await open.stop();
  }
});

test('a key that asks too often is told when to come back; other keys are answered', async () => {
  const limited = await startTestPlatform({
    apiKey: KEY,
    databaseUrl: platform.databaseUrl,
    rateLimit: 1,
  });
  try {
    const { secret } = await create('wild');
    expect(await statusAt(limited, secret)).toBe(200);
    const refused = await fetch(`${limited.url}/v1/models`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(2);
    expect(await refused.json()).toMatchObject({
      error: { code: 'TOO_MANY', fix: expect.stringContaining('PLUMBLINE_RATE_LIMIT') },
    });
    expect(await statusAt(limited, KEY)).toBe(200);
  } finally {
    await limited.stop();
  }
});
