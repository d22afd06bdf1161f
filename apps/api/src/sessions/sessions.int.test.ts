/** @file People: who signs in, what they may do then, and how that ends, in every API process. */
import type { StartedSession } from '@plumbline/contracts';
import { runSql } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const KEY = 'a-key-that-is-long-enough-1234567890';
const PASSWORD = 'correct horse battery';

let platform: TestPlatform;
/** Another API process on the same database. */
let replica: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ apiKey: KEY });
  replica = await startTestPlatform({ apiKey: KEY, databaseUrl: platform.databaseUrl });
  for (const [email, role] of [
    ['Ada@Example.com', 'admin'],
    ['vera@example.com', 'viewer'],
  ])
    expect((await send('POST', '/v1/users', { email, role, password: PASSWORD })).status).toBe(200);
});
afterAll(async () => {
  await replica?.stop();
  await platform?.stop();
});

async function send(method: string, path: string, body?: object, key: string | null = KEY) {
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: text === '' ? null : (JSON.parse(text) as object) };
}

async function signIn(email: string, password = PASSWORD): Promise<string> {
  const answer = await send('POST', '/v1/session', { email, password }, null);
  expect([email, answer.status]).toEqual([email, 200]);
  return (answer.body as StartedSession).token;
}

const statusAt = async ({ url }: TestPlatform, token: string, path = '/v1/models') =>
  (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

async function idOf(email: string): Promise<string> {
  const found = await platform.database.users.findCredential(email);
  return found?.user.id ?? '';
}

test('whoever signs in has their role, and the database neither password nor token', async () => {
  const [ada, vera] = [await signIn(' ADA@example.com '), await signIn('vera@example.com')];
  expect((await send('GET', '/v1/me', undefined, vera)).body).toEqual({
    kind: 'user',
    name: 'vera@example.com',
    role: 'viewer',
  });
  expect(await statusAt(platform, ada, '/v1/keys')).toBe(200);
  expect(await statusAt(platform, vera, '/v1/keys')).toBe(403);
  const stored = JSON.stringify([
    await runSql(platform.databaseUrl, 'SELECT * FROM "User"'),
    await runSql(platform.databaseUrl, 'SELECT * FROM "Session"'),
    await runSql(platform.databaseUrl, 'SELECT * FROM "AuditEvent"'),
  ]);
  for (const secret of [PASSWORD, ada, vera]) expect(stored).not.toContain(secret);
  expect((await send('GET', '/v1/users')).text).not.toContain('scrypt');
  const { body } = await send('GET', '/v1/audit?action=session.start&actor=vera@example.com');
  expect(body).toMatchObject({ events: [{ role: 'viewer', outcome: 'done' }] });
});

test('a wrong password and an unknown address are refused alike, a second late', async () => {
  const start = performance.now();
  const wrong = { email: 'vera@example.com', password: 'wrong horse battery' };
  const [known, unknown] = await Promise.all([
    send('POST', '/v1/session', wrong, null),
    send('POST', '/v1/session', { ...wrong, email: 'nobody@example.com' }, null),
  ]);
  expect(performance.now() - start).toBeGreaterThan(1_000);
  expect(known.status).toBe(401);
  // All but the id of the request.
  const errorOf = ({ body }: typeof known) => (body as { error: unknown }).error;
  expect(errorOf(unknown)).toEqual(errorOf(known));
  for (const actor of ['vera@example.com', 'nobody@example.com']) {
    const { body } = await send('GET', `/v1/audit?limit=1&action=session.start&actor=${actor}`);
    expect(body).toMatchObject({ events: [{ actor, outcome: 'failed' }] });
  }
  const all = await Promise.all(
    Array.from({ length: 8 }, () => send('POST', '/v1/session', wrong, null)),
  );
  // One at a time, three at most: the others are told to wait.
  expect(all.filter(({ status }) => status === 429)).toHaveLength(5);
  for (const body of [{}, { email: 1, password: 2 }, { ...wrong, email: 'a\u0000' }, []])
    expect((await send('POST', '/v1/session', body, null)).status).toBe(400);
});

test('another site can not sign anybody in', async () => {
  const answer = await fetch(`${platform.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
    body: JSON.stringify({ email: 'vera@example.com', password: PASSWORD }),
  });
  expect(answer.status).toBe(403);
});

test('signing out, another role, another password and removal count at once, in every process', async () => {
  const ends = async (token: string, status: number, path?: string) => {
    expect(await statusAt(platform, token, path)).toBe(status);
    await expect.poll(() => statusAt(replica, token, path), { timeout: 3_000 }).toBe(status);
  };
  const first = await signIn('vera@example.com');
  expect([await statusAt(platform, first), await statusAt(replica, first)]).toEqual([200, 200]);
  expect((await send('DELETE', '/v1/session', undefined, first)).status).toBe(204);
  await ends(first, 401);
  const signOut = '/v1/audit?action=session.end&actor=vera@example.com';
  expect((await send('GET', signOut)).body).toMatchObject({ events: [{ outcome: 'done' }] });
  const second = await signIn('vera@example.com');
  await ends(second, 403, '/v1/users');
  await send('POST', '/v1/users/vera@example.com/role', { role: 'admin' });
  await ends(second, 200, '/v1/users');
  // What is checked while it is replaced opens no session.
  const stale = { hash: 'f'.repeat(64), userId: await idOf('vera@example.com') };
  const expiresAt = new Date(Date.now() + 60_000);
  const { sessions } = platform.database;
  expect(await sessions.create({ ...stale, password: 'of before', expiresAt })).toBe(false);
  expect(await sessions.find(stale.hash)).toBeNull();
  const password = 'another horse battery';
  await send('POST', '/v1/users/vera@example.com/password', { password });
  await ends(second, 401);
  const third = await signIn('vera@example.com', password);
  await ends(third, 200);
  await send('POST', '/v1/users/vera@example.com/remove', {});
  await ends(third, 401);
});

test('an admin always stays, also when two remove each other at once', async () => {
  const last = await send('POST', '/v1/users/ada@example.com/remove', {});
  expect([last.status, last.text]).toEqual([409, expect.stringContaining('last admin')]);
  expect((await send('POST', '/v1/users/ada@example.com/role', { role: 'viewer' })).status).toBe(
    409,
  );
  await send('POST', '/v1/users', { email: 'bea@example.com', role: 'admin', password: PASSWORD });
  const both = await Promise.all(
    ['ada', 'bea'].map((name) => send('POST', `/v1/users/${name}@example.com/remove`, {})),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  for (const user of [
    { email: 'x', role: 'viewer', password: PASSWORD },
    { email: 'x@example.com', role: 'viewer', password: 'short' },
    { email: 'x@example.com', role: 'root', password: PASSWORD },
  ])
    expect((await send('POST', '/v1/users', user)).status).toBe(400);
});
