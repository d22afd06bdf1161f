/** @file Every route of the OpenAPI document with ids, names and numbers that nothing has: refused, never a defect. */
import { type IncomingMessage, request } from 'node:http';
import { type ErrorBody, PROBLEM_CONTENT_TYPE, problemSchema } from '@plumbline/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BAD_REQUESTS, type BadRequest } from '../testing/bad-requests.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
});
afterAll(() => platform?.stop());

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: unknown;
}

interface JsonBody {
  readonly schema?: { readonly properties?: Readonly<Record<string, unknown>> };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, JsonBody>> };
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

async function routes(): Promise<Route[]> {
  const document = await (await fetch(`${platform.url}/openapi.json`)).json();
  const { paths } = document as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

const ODD = [
  '\0',
  'a\0b',
  'x'.repeat(4_000),
  'x'.repeat(6_000),
  '__proto__',
  'constructor',
  '99999999999999',
  '../..',
];

/** A value that gets the request as far as the parameter under test. */
const FITTING: Readonly<Record<string, string>> = {
  name: 'parts-rlr',
  version: '1',
  profile: '1',
  sha256: 'a'.repeat(64),
  dataset: 'parts',
};

async function send({ method, path, operation }: Route, url: string, body?: unknown) {
  const types = Object.keys(operation.requestBody?.content ?? {});
  const isJson = types.includes('application/json');
  const hasBody = method !== 'GET' && method !== 'HEAD' && types.length > 0;
  const answer = await fetch(`${platform.url}${url}`, {
    method,
    ...(hasBody
      ? {
          headers: { 'content-type': isJson ? 'application/json' : (types[0] ?? '') },
          body: isJson ? JSON.stringify(body ?? {}) : 'no image',
        }
      : {}),
  });
  const text = await answer.text();
  expect(
    answer.status,
    `${method} ${path} as ${url.slice(0, 120)}: ${text.slice(0, 300)}`,
  ).not.toBe(500);
  return { status: answer.status, text };
}

test('no id, name or query value of any route is a defect', async () => {
  const all = await routes();
  expect(all.length).toBeGreaterThan(40);
  for (const route of all) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const queries = (route.operation.parameters ?? []).filter((one) => one.in === 'query');
    for (const odd of ODD) {
      for (const target of names) {
        const url = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
          encodeURIComponent(name === target ? odd : (FITTING[name] ?? 'parts')),
        );
        const { status } = await send(route, url);
        if (odd.includes('\0')) expect([route.path, status]).toEqual([route.path, 400]);
      }
      for (const { name } of queries) {
        const url = route.path.replace(/\{(\w+)\}/g, (_, one: string) => FITTING[one] ?? 'parts');
        await send(route, `${url}?${name}=${encodeURIComponent(odd)}`);
      }
    }
  }
});

/** As it is written, with headers that `fetch` would not send. */
function ask({ method = 'GET', path, headers = {}, body }: BadRequest) {
  return new Promise<IncomingMessage & { text: string }>((resolve, reject) => {
    const sent = request(`${platform.url}${path}`, { method, headers: { ...headers } });
    sent.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(Object.assign(response, { text })));
      // Of a body that is refused unread the rest is never sent.
      response.on('end', () => sent.destroy());
    });
    sent.on('error', reject);
    if (headers['content-length'] === undefined) sent.end(body);
    else sent.write(body);
  });
}

test('every kind of bad request has its status, and problem details that say what to do', async () => {
  expect(BAD_REQUESTS.length).toBeGreaterThanOrEqual(30);
  const before = process.memoryUsage().rss;
  for (const bad of BAD_REQUESTS) {
    const { statusCode, headers, text } = await ask(bad);
    const problem = problemSchema.parse(JSON.parse(text));
    const [status, code, field = problem.error.field] = bad.answer;
    expect([bad.kind, statusCode, problem.error.code, problem.error.field], text).toEqual([
      ...[bad.kind, status, code, field],
    ]);
    expect(headers['content-type']).toBe(PROBLEM_CONTENT_TYPE);
    expect([bad.kind, problem.error.fix]).toEqual([bad.kind, expect.stringMatching(/\w/)]);
    expect(headers['x-request-id']).toBe(problem.requestId);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  expect((await fetch(`${platform.url}/healthz`)).status).toBe(200);
});

test('a client’s own request id is kept where it is one', async () => {
  const idFor = async (sent: string) => {
    const answer = await fetch(`${platform.url}/v1/nothing`, { headers: { 'x-request-id': sent } });
    const { requestId } = problemSchema.parse(await answer.json());
    expect(answer.headers.get('x-request-id')).toBe(requestId);
    return requestId;
  };
  expect(await idFor('line-7:42')).toBe('line-7:42');
  for (const odd of ['{"a":1}', 'x'.repeat(200), '']) {
    const id = await idFor(odd);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('what is at fault is named: the field, the label of the body, an option nobody reads', async () => {
  const predictPath = `${platform.url}/v1/models/parts-rlr/predict`;
  const post = async (url: string, body: FormData | string, type?: string) => {
    const headers = type === undefined ? {} : { headers: { 'content-type': type } };
    const answer = await fetch(url, { method: 'POST', body, ...headers });
    const { error } = (await answer.json()) as { error: ErrorBody };
    expect(error.fix).not.toBeNull();
    return [answer.status, error.field, error.message, error.fix].join(' | ');
  };
  const octets = 'application/octet-stream';
  expect(await post(`${predictPath}?category=%00`, 'x', octets)).toMatch(/^400 \| category \|/);
  expect(await post(`${predictPath}?categry=part`, 'x', octets)).toBe(
    '400 | categry | There is no field "categry" here. | Use version, category, heatmap, regions, mask, range, or leave it out.',
  );
  expect(await post(`${platform.url}/v1/masks`, new FormData())).toMatch(
    /^415 \| content-type \| .*multipart\/form-data.* \| Send the bytes of the file as the body/,
  );
  expect(await post(`${predictPath}`, 'x', 'application/x-www-form-urlencoded')).toMatch(/^415/);
  expect(await post(`${platform.url}/v1/imports`, '{}', 'text/plain')).toMatch(/^415 .*Send JSON/);
  const misspelled = JSON.stringify({
    name: 'fresh',
    source: { kind: 'sample' },
    mask: 'inverted',
  });
  expect(await post(`${platform.url}/v1/imports`, misspelled, 'application/json')).toMatch(
    /^400 \| mask \| .*Use .*masks/,
  );
  const unread = await fetch(`${platform.url}/v1/datasets/parts/samples?categry=part`);
  expect([unread.status, await unread.text()]).toEqual([400, expect.stringContaining('categry')]);
  const undecodable = await fetch(`${platform.url}/v1/models/%E4`);
  expect(undecodable.status).toBe(400);
  expect(await undecodable.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
});

test('no JSON with such text is a defect, over REST or tRPC', async () => {
  const bodies = [
    {
      dataset: 'a\0b',
      name: 'a\0b',
      backbone: 'a\0b',
      note: 'a\0b',
      source: { kind: 'path', path: '/a\0b' },
    },
    { dataset: 'parts', backbone: 'a\0b' },
    { dataset: 'parts', backbone: '\ud800' },
    { name: 'fresh', source: { kind: 'upload', uploadId: '\0' } },
    { by: 'hand', note: '\0', categories: { 'a\0b': { imageThreshold: 1 } } },
    { version: 1e300, seed: 1e300, model: 'parts-rlr', dataset: 'parts' },
  ];
  const takesJson = ({ operation }: Route) =>
    operation.requestBody?.content?.['application/json'] !== undefined;
  const takes = ({ operation }: Route, field: string) =>
    operation.requestBody?.content?.['application/json']?.schema?.properties?.[field] !== undefined;
  for (const route of (await routes()).filter(takesJson)) {
    const url = route.path.replace(/\{(\w+)\}/g, (_, name: string) => FITTING[name] ?? 'parts');
    for (const all of bodies) {
      // Others are refused before they are read.
      const body = Object.fromEntries(Object.entries(all).filter(([key]) => takes(route, key)));
      const { status } = await send(route, url, body);
      if (JSON.stringify(body).includes('\\u0000'))
        expect([route.path, status >= 400]).toEqual([route.path, true]);
    }
  }
  const input = encodeURIComponent(JSON.stringify({ id: 'a\0b' }));
  const overTrpc = await fetch(`${platform.url}/trpc/runs.get?input=${input}`);
  expect(overTrpc.status).toBe(400);
  expect(await overTrpc.json()).toMatchObject({
    error: { data: { plumbline: { code: 'INVALID_INPUT', field: 'id' } } },
  });
});
