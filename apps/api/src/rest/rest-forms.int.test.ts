/** @file The form of answers: problem details, 201 with `Location`, 405 with `Allow`, keys that make a request safe to repeat. */
import { randomUUID } from 'node:crypto';
import { problemSchema } from '@plumbline/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
});
afterAll(() => platform?.stop());

function send(method: string, path: string, body?: object, key?: string): Promise<Response> {
  return fetch(`${platform.url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const RUN = { dataset: 'parts', method: 'patchcore', backbone: 'compact' };

async function runs(): Promise<unknown[]> {
  return (await (await send('GET', '/v1/runs')).json()) as unknown[];
}

test('every refusal is a problem, and nothing is sniffed', async () => {
  const refusals = [
    [await send('GET', '/v1/nothing'), 404, 'not-found'],
    [await send('GET', '/v1/models/%E4'), 400, 'invalid-input'],
    [await send('POST', '/v1/runs', { dataset: 1 }), 400, 'invalid-input'],
    [await send('GET', '/v1/models/none/versions'), 404, 'not-found'],
    [await send('POST', '/v1/models/parts-rlr/predict', {}), 415, 'unsupported'],
    [await send('GET', `/v1/blobs/${'a'.repeat(64)}`), 404, 'not-found'],
  ] as const;
  for (const [answer, status, type] of refusals) {
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const problem = problemSchema.parse(await answer.json());
    expect(problem).toMatchObject({ type: `urn:plumbline:problem:${type}`, status });
    expect(problem.detail).toBe(problem.error.message);
  }
  for (const path of ['/healthz', '/v1/models', '/openapi.json', '/docs', '/trpc/system.status']) {
    const answer = await send('GET', path);
    expect([path, answer.headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
  }
  const upload = await fetch(`${platform.url}/v1/uploads/none`, { method: 'HEAD' });
  expect(upload.headers.get('x-content-type-options')).toBe('nosniff');
});

test('another method of an address that exists is 405 and says which there are', async () => {
  const cases = [
    ['DELETE', '/v1/runs', 'GET, HEAD, POST'],
    ['PUT', '/v1/models/parts-rlr/predict?heatmap=true', 'POST'],
    ['POST', '/v1/models', 'GET, HEAD'],
    ['GET', '/v1/uploads', 'OPTIONS, POST'],
    ['GET', `/v1/uploads/${'a'.repeat(32)}.zip`, 'DELETE, HEAD, OPTIONS, PATCH'],
    ['QUERY', '/healthz', 'GET, HEAD'],
  ] as const;
  for (const [method, path, allow] of cases) {
    const answer = await send(method, path);
    expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allow]);
    expect(await answer.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
  }
  expect((await send('DELETE', '/v1/runs/a/b/c')).status).toBe(404);
});

test('what makes something answers 201 with its address, and the document says so', async () => {
  const source = { kind: 'sample', seed: 0 };
  const choice = { by: 'hand', categories: { part: { imageThreshold: 0.2 } }, note: 'tried' };
  const made = [
    await send('POST', '/v1/runs', RUN),
    await send('POST', '/v1/imports', { name: 'fresh', source }),
    await send('POST', '/v1/models/parts-rlr/versions/1/thresholds', { choice }),
  ];
  for (const answer of made) {
    const body = await answer.json();
    expect(answer.status, JSON.stringify(body)).toBe(201);
    expect(await (await send('GET', answer.headers.get('location') ?? '')).json()).toEqual(body);
  }
  const { paths } = (await (await send('GET', '/openapi.json')).json()) as {
    paths: Record<string, { post?: { responses: Record<string, { headers?: object }> } }>;
  };
  for (const path of ['/v1/runs', '/v1/imports', '/v1/results']) {
    const responses = paths[path]?.post?.responses ?? {};
    expect([path, Object.keys(responses)]).toEqual([path, ['201', '503', '4XX']]);
    expect(responses['201']?.headers).toHaveProperty('Location');
  }
});

test('with an Idempotency-Key the same request makes one thing, also when sent five times at once', async () => {
  const before = (await runs()).length;
  const key = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => send('POST', '/v1/runs', RUN, key)),
  );
  const again = await send('POST', '/v1/runs', RUN, key);
  const ids = await Promise.all(
    [...answers, again].map(async (answer) => {
      expect([answer.status, answer.headers.get('location')]).toEqual([201, expect.any(String)]);
      return ((await answer.json()) as { id: string }).id;
    }),
  );
  expect(new Set(ids).size).toBe(1);
  expect(await runs()).toHaveLength(before + 1);
  const other = await send('POST', '/v1/runs', { ...RUN, seed: 7 }, key);
  expect(other.status).toBe(409);
  expect(await other.json()).toMatchObject({ error: { field: 'idempotency-key' } });
  expect((await send('POST', '/v1/runs', RUN)).status).toBe(201);
  expect(await runs()).toHaveLength(before + 2);
});

test('an import is queued once by its key, and its name is not taken by itself', async () => {
  const source = { kind: 'sample', seed: 0 };
  const ask = (key: string) => send('POST', '/v1/imports', { name: 'once', source }, key);
  const key = randomUUID();
  const [first, second] = [await ask(key), await ask(key)];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(await second.json()).toEqual(await first.json());
  expect((await ask(randomUUID())).status).toBe(409);
  const odd = await ask('two words');
  expect(odd.status).toBe(400);
  expect(await odd.json()).toMatchObject({ error: { field: 'idempotency-key' } });
});
