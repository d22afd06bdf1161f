/** @file Whom the built dashboard serves, over real HTTP with made-up headers: with a key, with users, with neither. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestPlatform } from './support/platform.ts';

const KEY = 'a-key-that-is-long-enough-1234567890';
/** A page that asks the API on the server, a call of the browser, and a file of the API. */
const PLACES = ['/', '/datasets', '/runs', '/api/v1/models', '/api/trpc/system.status'];

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

let platform: TestPlatform;
let web: string;

async function up(): Promise<void> {
  platform = await TestPlatform.create();
  await platform.json('up');
  web = (await platform.record()).webUrl ?? '';
}

/** Sends headers that `fetch` does not let one choose, and follows nothing. */
function send(
  path: string,
  headers: Record<string, string> = {},
  form?: Record<string, string>,
): Promise<Answer> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const sent = request(
      `${web}${path}`,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function signIn(key: string, headers: Record<string, string> = {}): Promise<Answer> {
  return send('/session', { origin: web, ...headers }, { key, next: '/runs' });
}

function signInAs(email: string, password: string): Promise<Answer> {
  return send('/session', { origin: web }, { email, password, next: '/runs' });
}

function cookieOf({ headers }: Answer): string {
  return String(headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

describe('without a key', () => {
  beforeAll(up);
  afterAll(() => platform?.remove());

  test('this machine is served, and neither another name nor a proxy', async () => {
    for (const place of PLACES) {
      expect((await send(place)).status, place).toBe(200);
      for (const headers of [
        { host: 'rebound.example' },
        { 'x-forwarded-for': '203.0.113.7' },
        { 'x-forwarded-host': 'plumbline.example' },
        { via: '1.1 proxy' },
      ]) {
        const answer = await send(place, headers);
        expect(answer.status, `${place} ${JSON.stringify(headers)}`).toBe(403);
        expect(answer.text).toContain('PLUMBLINE_API_KEY');
      }
    }
  });
});

describe('with a key', () => {
  beforeAll(async () => {
    process.env['PLUMBLINE_API_KEY'] = KEY;
    process.env['PLUMBLINE_ALLOWED_HOSTS'] = 'plumbline.example';
    await up();
  });
  afterAll(async () => {
    await platform?.remove();
    delete process.env['PLUMBLINE_API_KEY'];
    delete process.env['PLUMBLINE_ALLOWED_HOSTS'];
  });

  test('nobody gets anything before signing in, also on this machine', async () => {
    for (const place of PLACES) {
      for (const host of [new URL(web).host, 'plumbline.example']) {
        const answer = await send(place, { host });
        expect(answer.status, place).toBe(place.startsWith('/api/') ? 401 : 303);
        if (answer.status === 303) expect(answer.headers['location']).toMatch(/^\/sign-in\?next=/);
      }
      expect((await send(place, { host: 'rebound.example' })).status, place).toBe(403);
    }
    const page = await send('/sign-in?next=%2Fruns');
    expect(page.status).toBe(200);
    expect(page.text).toContain('name="key"');
    expect(page.text).not.toContain(KEY);
  });

  test('with the key one signs in, and out', async () => {
    const entered = await signIn(KEY);
    expect(entered).toMatchObject({ status: 303, headers: { location: '/runs' } });
    expect(String(entered.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    const cookie = cookieOf(entered);
    expect(cookie).not.toContain(KEY);
    for (const place of PLACES) expect((await send(place, { cookie })).status, place).toBe(200);
    const out = await send('/session', { origin: web, cookie }, { leave: 'true' });
    expect(out).toMatchObject({ status: 303, headers: { location: '/sign-in' } });
    expect(cookieOf(out)).toMatch(/=$/);
  });

  test('a wrong key, a made-up cookie or another site open nothing', async () => {
    const wrong = await signIn(`${KEY}!`);
    expect(wrong.headers['set-cookie']).toBeUndefined();
    expect(wrong.headers['location']).toMatch(/^\/sign-in\?wrong=true/);
    expect((await signIn(KEY, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn(KEY, { host: 'rebound.example' })).status).toBe(403);
    const [name] = cookieOf(await signIn(KEY)).split('=');
    const cookie = `${name}=99999999999.${'0'.repeat(64)}`;
    expect((await send('/api/v1/models', { cookie })).status).toBe(401);
  });

  test('what changes something is refused for another site, signed in or not', async () => {
    const cookie = cookieOf(await signIn(KEY));
    const answer = await send(
      '/api/v1/runs',
      { cookie, origin: 'https://evil.example' },
      { a: 'b' },
    );
    expect(answer.status).toBe(403);
  });
});

describe('with users and no key', () => {
  const passwords: Record<string, string> = {};

  beforeAll(async () => {
    process.env['PLUMBLINE_ALLOWED_HOSTS'] = 'plumbline.example';
    platform = await TestPlatform.create();
  });
  afterAll(async () => {
    await platform?.remove();
    delete process.env['PLUMBLINE_ALLOWED_HOSTS'];
  });

  test('it does not start for others without an admin, and says how to make one', async () => {
    const refused = await platform.failure('up');
    expect(refused.message).toContain('there is no admin');
    expect(refused.message).toContain('plumb users create --email you@example.com --role admin');
  });

  test('an admin is made all the same; then it starts, and people sign in and out', async () => {
    for (const [email, role] of [
      ['ada@example.com', 'admin'],
      ['vic@example.com', 'viewer'],
    ] as const) {
      const create = ['users', 'create', '--email', email, '--role', role];
      const { password } = await platform.json<{ password: string }>(...create);
      passwords[email] = password;
    }
    const password = passwords['ada@example.com'] ?? '';
    await platform.json('up');
    const record = await platform.record();
    web = record.webUrl ?? '';
    for (const host of [new URL(web).host, 'plumbline.example']) {
      for (const place of PLACES) {
        const status = place.startsWith('/api/') ? 401 : 303;
        expect((await send(place, { host })).status, place).toBe(status);
      }
    }
    expect((await fetch(`${record.apiUrl}/v1/models`)).status).toBe(401);
    expect((await signInAs('ada@example.com', `${password}!`)).headers['location']).toMatch(
      /wrong/,
    );
    const cookie = cookieOf(await signInAs('ada@example.com', password));
    for (const place of PLACES) expect((await send(place, { cookie })).status, place).toBe(200);
    const me = await send('/api/v1/me', { cookie });
    expect(JSON.parse(me.text)).toEqual({ kind: 'user', name: 'ada@example.com', role: 'admin' });
    expect((await send('/access', { cookie })).text).toContain('API keys');
    await send('/session', { origin: web, cookie }, { leave: 'true' });
    // The token itself is over, not only the cookie of that browser.
    expect((await send('/api/v1/me', { cookie })).status).toBe(401);
    expect((await send('/runs', { cookie })).status).toBe(303);
  });

  test('nobody is offered what their role does not allow', async () => {
    const datasetsFor = async (email: string) => {
      const cookie = cookieOf(await signInAs(email, passwords[email] ?? ''));
      return (await send('/datasets', { cookie })).text;
    };
    const offer = 'Make the sample dataset</button>';
    expect(await datasetsFor('ada@example.com')).toContain(offer);
    const shown = await datasetsFor('vic@example.com');
    expect(shown).toContain('No datasets yet');
    expect(shown).not.toContain(offer);
  });
});
