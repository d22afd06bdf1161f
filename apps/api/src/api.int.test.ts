/** @file Procedures over tRPC and REST, error bodies, OpenAPI. */
import { join } from 'node:path';
import { taken } from '@plumbline/db/testing';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppRouter } from './router.ts';
import { writeDatasetFolder } from './testing/dataset-folder.ts';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts';

let platform: TestPlatform;
let client: ReturnType<typeof createTRPCClient<AppRouter>>;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${platform.url}/trpc` })] });
});
afterAll(() => platform?.stop());

async function rest(method: string, path: string, body?: unknown) {
  const response = await fetch(`${platform.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as never };
}

async function trpcError(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof TRPCClientError)) throw new Error('no tRPC error');
  expect(JSON.stringify(error.data)).not.toContain('stack');
  return (error.data as { plumbline: unknown }).plumbline;
}

describe('procedures', () => {
  test('status, over tRPC and REST', async () => {
    const status = await client.system.status.query();
    expect(status).toMatchObject({ codeVersion: 'test', datasets: 1, models: 0, trainers: [] });
    expect(await rest('GET', '/v1/system/status')).toEqual({ status: 200, body: status });
  });

  test('datasets and pages of samples, numbers from the query', async () => {
    expect((await client.datasets.list.query()).map((row) => row.name)).toEqual(['parts']);
    expect((await client.datasets.get.query({ name: 'parts' })).report.images).toBe(12);
    const page = await rest('GET', '/v1/datasets/parts/samples?split=test&limit=3&offset=2');
    expect(page).toMatchObject({ status: 200, body: { total: 4, samples: { length: 2 } } });
  });

  test('layouts tell how to arrange files', async () => {
    const layouts = await client.datasets.layouts.query();
    expect(layouts.map(({ title }) => title)).toContain('MVTec AD');
    expect(layouts.filter(({ expected }) => expected.trim() === '')).toEqual([]);
    expect(await rest('GET', '/v1/layouts')).toEqual({ status: 200, body: layouts });
  });

  test('an import from a path is queued once a name', async () => {
    const path = join(platform.home.root, 'sources', 'more');
    await writeDatasetFolder(path, 100);
    const input = { name: 'more', source: { kind: 'path', path } } as const;
    const queued = await client.datasets.import.mutate(input);
    expect(queued).toMatchObject({ name: 'more', status: 'queued', dataset: null });
    expect(await rest('GET', `/v1/imports/${queued.id}`)).toEqual({ status: 200, body: queued });
    expect(await client.datasets.imports.query()).toEqual([queued]);
    expect(await rest('POST', '/v1/imports', input)).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT', field: 'name' } },
    });
  });

  test.each([
    ['relative/folder', 'not absolute'],
    ['/nowhere/at/all', 'nothing at'],
    [import.meta.filename, 'is not a folder or .zip file'],
  ])('the path %s is refused', async (path, reason) => {
    const input = { name: 'bad', source: { kind: 'path', path } } as const;
    const error = await trpcError(client.datasets.import.mutate(input));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'source.path' });
    expect((error as { message: string }).message).toContain(reason);
  });

  test('an upload that is not there is refused', async () => {
    for (const uploadId of ['missing', `${'0'.repeat(32)}.zip`, '../../etc/passwd']) {
      const error = await trpcError(
        client.datasets.import.mutate({ name: 'bad', source: { kind: 'upload', uploadId } }),
      );
      expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'source.uploadId' });
    }
  });

  test('runs: start, list, losses, logs, cancel', async () => {
    const run = await client.runs.start.mutate({ dataset: 'parts', preset: 'tiny' });
    expect(run).toMatchObject({ status: 'queued', model: 'parts-retrieval', seed: 0 });
    expect(run).toMatchObject({ method: 'retrieval', backbone: 'standard' });
    expect(await client.runs.list.query()).toEqual([run]);
    expect(await rest('GET', '/v1/runs?dataset=parts&limit=1')).toEqual({
      status: 200,
      body: [run],
    });
    const { attempts } = platform.database;
    const attempt = await taken(attempts, run.id);
    const points = [{ level: 's8', step: 1, loss: 0.5 }];
    await attempts.addLosses(attempt, points);
    const curve = await client.runs.losses.query({ id: run.id });
    expect(curve).toMatchObject({ bucketSteps: 1, points });
    const since = `bucketSteps=1&cursor=${curve.cursor}`;
    expect(await rest('GET', `/v1/runs/${run.id}/losses?${since}`)).toEqual({
      status: 200,
      body: { ...curve, points: [] },
    });
    await attempts.log(attempt, 'info', 'first');
    await attempts.log(attempt, 'info', 'second');
    const lines = await client.runs.logs.query({ id: run.id });
    expect(lines.map((line) => line.text)).toEqual(['first', 'second']);
    const later = await rest('GET', `/v1/runs/${run.id}/logs?after=${lines[0]?.id}`);
    expect(later.body).toEqual(lines.slice(1));
    const cancelled = await rest('POST', `/v1/runs/${run.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { cancelRequested: true } });
    expect(await rest('GET', '/v1/runs/nothing/losses')).toMatchObject({ status: 404 });
  });

  test('a POST that is labeled as JSON may be empty', async () => {
    const { id } = await client.runs.start.mutate({ dataset: 'parts' });
    const response = await fetch(`${platform.url}/v1/runs/${id}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toMatchObject({ status: 'cancelled' });
  });
});

describe('errors', () => {
  test('the same body over tRPC and REST, with the status of its code', async () => {
    const missing = await trpcError(client.datasets.get.query({ name: 'nothing' }));
    expect(missing).toMatchObject({ code: 'NOT_FOUND', fix: expect.any(String) });
    expect(await rest('GET', '/v1/datasets/nothing')).toMatchObject({
      status: 404,
      body: { error: missing },
    });
  });

  test('an input error names the field in a sentence', async () => {
    const cases: [unknown, string, RegExp][] = [
      [{}, 'dataset', /^The field "dataset" is missing\.$/],
      [{ dataset: 'NOT OK' }, 'dataset', /^The field "dataset" is not valid: Use 1 to 63/],
      [{ dataset: 'parts', seed: -1 }, 'seed', /^The field "seed" is not valid: /],
      [{ dataset: 'parts', seed: '3' }, 'seed', /: Give a whole number from 0 to 2147483647\.$/],
      [
        { dataset: 'parts', method: 'rlr', settings: { layers: '3' } },
        'settings.layers',
        /: Give a whole number from 1 to 12\.$/,
      ],
      // As clients of before send them.
      [
        { dataset: 'parts', method: 'rlr', rlr: { layers: '3' } },
        'settings.layers',
        /: Give a whole number from 1 to 12\.$/,
      ],
      [{ dataset: 'parts', preset: 'huge' }, 'preset', /^The field "preset" is not valid: /],
    ];
    for (const [input, field, message] of cases) {
      const answer = await rest('POST', '/v1/runs', input);
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { code: 'INVALID_INPUT', field } },
      });
      expect((answer.body as { error: { message: string } }).error.message).toMatch(message);
    }
    expect(await rest('GET', '/v1/datasets/parts/samples?limit=many')).toMatchObject({
      status: 400,
      body: { error: { field: 'limit' } },
    });
    const overTrpc = await trpcError(client.runs.start.mutate({ dataset: 'NOT OK' }));
    expect(overTrpc).toMatchObject({ code: 'INVALID_INPUT', field: 'dataset' });
  });

  test('broken JSON, other content, unknown addresses and procedures', async () => {
    const post = (body: string, type: string) =>
      fetch(`${platform.url}/v1/runs`, { method: 'POST', body, headers: { 'content-type': type } });
    const answers = [
      [await post('{', 'application/json'), 400, 'INVALID_INPUT'],
      [await post('[1]', 'application/json'), 400, 'INVALID_INPUT'],
      [await post('a=b', 'application/x-www-form-urlencoded'), 415, 'UNSUPPORTED'],
      [await post(`"${'x'.repeat(2_000_000)}"`, 'application/json'), 413, 'TOO_LARGE'],
      [await fetch(`${platform.url}/v1/nothing`), 404, 'NOT_FOUND'],
    ] as const;
    for (const [response, status, code] of answers) {
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { code } });
    }
    const unknown = await fetch(`${platform.url}/trpc/no.such`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      error: { data: { plumbline: { code: 'NOT_FOUND' } } },
    });
  });
});

describe('documentation', () => {
  test('the OpenAPI document is consistent and lists every route', async () => {
    const { body } = await rest('GET', '/openapi.json');
    const document = body as unknown as {
      openapi: string;
      paths: Record<
        string,
        Record<
          string,
          { operationId: string; parameters?: { name: string; in: string }[]; responses: object }
        >
      >;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    const ids = new Set<string>();
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const place = `${method} ${path}`;
        expect(['get', 'post', 'put', 'head', 'patch', 'delete', 'options'], place).toContain(
          method,
        );
        expect(ids.has(operation.operationId), place).toBe(false);
        ids.add(operation.operationId);
        expect(Object.keys(operation.responses).length, place).toBeGreaterThan(1);
        const declared = (operation.parameters ?? []).filter((row) => row.in === 'path');
        const used = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
        expect(declared.map((row) => row.name).sort(), place).toEqual(used.sort());
        const url = path.replace(/\{(\w+)\}/g, ':$1');
        expect(
          platform.server.app.hasRoute({ method: method.toUpperCase() as 'GET', url }),
          place,
        ).toBe(true);
      }
    }
    expect(ids).toContain('models-predict');
    expect(ids).toContain('models-normal');
    for (const id of ['session-start', 'session-end']) expect(ids).toContain(id);
    const text = JSON.stringify(document);
    for (const [, reference] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = reference
        ?.split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect(target, reference).toBeDefined();
    }
  });

  test('/docs answers and asks no other host', async () => {
    const page = await fetch(`${platform.url}/docs/`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
    const spec = await fetch(`${platform.url}/docs/json`);
    expect(await spec.json()).toEqual((await rest('GET', '/openapi.json')).body);
  });
});
