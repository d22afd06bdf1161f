import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { DomainError, type ErrorCode, toProblem } from '@plumbline/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, type ClientOptions, PlumblineClient } from './index.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse) => unknown;

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** A server that gives these answers in turn, the last one from then on. */
async function serve(answers: Answer[], options: Partial<ClientOptions> = {}) {
  const asked: Asked[] = [];
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: (await buffer(request)).toString() });
    (answers.length > 1 ? answers.shift() : answers[0])?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { asked, url, client: new PlumblineClient({ url: `${url}/`, ...options }) };
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(JSON.stringify(body));

const refusal = (code: ErrorCode, retryAfter?: string): Answer => {
  const error = new DomainError(code, 'No.', { fix: 'Do this.', field: 'category' });
  const problem = toProblem(error.toBody(), 'r-1');
  const busy = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  return json(problem, problem.status, { 'x-request-id': 'r-1', ...busy });
};

const PREDICTION = {
  inspection: '0b6ff4de-3f6f-4e63-9d53-5f6b1ddc1a6e',
  model: 'parts',
  modelVersion: 2,
  category: 'part',
  categorySource: 'given',
  categoryConfidence: null,
  categoryUncertain: false,
  unfamiliar: false,
  categoryCandidates: [],
  imageScore: 0.6,
  threshold: 0.75,
  scoreRatio: 0.8,
  predictedLabel: 'normal',
  thresholdProfile: 1,
  uncertainThreshold: null,
  uncertain: false,
  falseAlarmRate: 0.25,
  heldOutImages: 4,
  width: 32,
  height: 32,
  regions: null,
  heatmap: null,
  mask: null,
  heatmapScale: { low: 0.2, high: 0.6, threshold: 0.3 },
  ignored: [],
  latencyMs: 3,
};
const IMAGE = new TextEncoder().encode('an image');
const thrown = (call: Promise<unknown>) => call.then(null, (error: unknown) => error);

describe('requests', () => {
  it.each([
    ['bytes', IMAGE],
    ['a buffer', IMAGE.buffer],
    ['a Blob', new Blob([IMAGE])],
    ['a stream', new Blob([IMAGE]).stream()],
  ])('predicts %s with options and key', async (_, image) => {
    const { client, asked } = await serve([json(PREDICTION)], { apiKey: 'secret' });
    const range = { low: 0, high: 4095 };
    const options = { version: 2, category: 'a&b', heatmap: false, regions: true, range };
    expect(await client.predict('parts', image, options)).toEqual(PREDICTION);
    const [request] = asked;
    expect(request).toMatchObject({
      body: 'an image',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/octet-stream' },
    });
    const { pathname, searchParams } = new URL(request?.url ?? '', 'http://x');
    expect(pathname).toBe('/v1/models/parts/predict');
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ version: '2', category: 'a&b', heatmap: 'false', regions: 'true', range: '0..4095' },
    });
  });

  it('refuses an address that is none, and a key that can’t be sent', () => {
    server = createServer();
    expect(() => new PlumblineClient({ url: 'localhost:7100' })).toThrow(/not the address/);
    const unsendable = { url: 'http://localhost', apiKey: 'ключ' };
    expect(() => new PlumblineClient(unsendable)).toThrow(/no header/);
  });
});

describe('errors', () => {
  it('are what the API said, with status and request id', async () => {
    const { client, asked } = await serve([refusal('INVALID_INPUT')]);
    const error = await thrown(client.predict('parts', IMAGE));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      ...{ code: 'INVALID_INPUT', message: 'No.', fix: 'Do this.', field: 'category', file: null },
      ...{ status: 400, requestId: 'r-1', retryAfterMs: null },
    });
    expect(asked).toHaveLength(1);
  });

  it('of /v2 have its own form', async () => {
    const { client } = await serve([json({ error: 'No model.', code: 'NOT_FOUND' }, 404)]);
    const input = {
      name: 'image',
      datatype: 'UINT8',
      shape: [1, 1, 1, 3],
      data: [0, 0, 0],
    } as const;
    const error = await thrown(client.infer('none', { inputs: [input] }));
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'No model.', status: 404 });
  });

  it('of a proxy are told by their status', async () => {
    const { client } = await serve([(response) => response.writeHead(404).end('<html>')]);
    const error = await thrown(client.models.list());
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('404') });
  });

  it('say which field of an answer is not as expected', async () => {
    const { client } = await serve([json({ ...PREDICTION, imageScore: 'high' })]);
    const error = await thrown(client.predict('parts', IMAGE));
    expect(error).toMatchObject({ code: 'INTERNAL', message: expect.stringMatching(/imageScore/) });
  });

  it('say that nobody listens, once patience is over', async () => {
    const { url } = await serve([]);
    await new Promise((resolve) => server.close(resolve));
    const started = performance.now();
    const error = await thrown(new PlumblineClient({ url, patienceMs: 600 }).models.list());
    expect(error).toMatchObject({ code: 'UNAVAILABLE', status: null });
    expect(String(error)).toMatch(/can't be reached: .*ECONNREFUSED/);
    // 250 ms after the first attempt there was a second one.
    expect(performance.now() - started).toBeGreaterThanOrEqual(240);
  });
});

describe('further attempts', () => {
  it('follow 429 and 503, not before Retry-After', async () => {
    const answers = [refusal('TOO_MANY', '1'), refusal('UNAVAILABLE'), json(PREDICTION)];
    const { client, asked } = await serve(answers);
    const started = performance.now();
    expect(await client.predict('parts', new Blob([IMAGE]))).toEqual(PREDICTION);
    expect(performance.now() - started).toBeGreaterThanOrEqual(1_450);
    expect(asked.map(({ body }) => body)).toEqual(['an image', 'an image', 'an image']);
  });

  it('do not follow where the API asks for more patience than there is', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
    const { client, asked } = await serve([refusal('UNAVAILABLE', inAnHour)]);
    const error = (await thrown(client.models.list())) as ApiError;
    expect(error).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(error.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(asked).toHaveLength(1);
  });

  it('do not follow a stream, which is spent', async () => {
    const { client, asked } = await serve([refusal('TOO_MANY', '0'), json(PREDICTION)]);
    const stream = new Blob([IMAGE]).stream();
    expect(await thrown(client.predict('parts', stream))).toMatchObject({ status: 429 });
    expect(asked).toHaveLength(1);
    expect(await thrown(client.predict('parts', stream))).toMatchObject({ field: 'image' });
  });

  it('follow one that took too long, its answer included', async () => {
    const begun: Answer = (response) => response.writeHead(200).write('{');
    const { client, asked } = await serve([begun, json([])], { timeoutMs: 200 });
    expect(await client.models.list()).toEqual([]);
    expect(asked).toHaveLength(2);
    const { client: hasty } = await serve([() => {}], { timeoutMs: 100, patienceMs: 0 });
    expect(await thrown(hasty.models.list())).toMatchObject({ code: 'UNAVAILABLE', status: null });
  });
});

describe('an upload', () => {
  const file = new Blob(['0123456789abcdefghij']);
  const created = json(null, 201, { location: 'http://elsewhere/v1/uploads/u-1' });
  const holds = (bytes: number): Answer => json(null, 200, { 'upload-offset': String(bytes) });
  const breaksOff: Answer = (response) => response.destroy();

  it('that breaks off goes on from what the API has', async () => {
    const answers = [created, breaksOff, refusal('CONFLICT'), holds(12), holds(20)];
    const { client, asked } = await serve(answers);
    expect(await client.batches.upload(file, 'lot 7.zip')).toBe('u-1');
    const [first, ...further] = asked;
    expect(first?.headers).toMatchObject({
      ...{ 'upload-length': '20', 'upload-metadata': `filename ${btoa('lot 7.zip')}` },
    });
    expect(further.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PATCH', '/v1/uploads/u-1', '0123456789abcdefghij'],
      ['PATCH', '/v1/uploads/u-1', '0123456789abcdefghij'],
      ['HEAD', '/v1/uploads/u-1', ''],
      ['PATCH', '/v1/uploads/u-1', 'cdefghij'],
    ]);
    expect(further.map(({ headers }) => headers['upload-offset'])).toEqual([
      ...['0', '0', undefined, '12'],
    ]);
  });

  it('ends where the API takes no more, or refuses it', async () => {
    const { client } = await serve([created, holds(12)]);
    expect(String(await thrown(client.batches.upload(file, 'a.zip')))).toMatch(/after 12/);
    const refused = await serve([created, refusal('TOO_LARGE')]);
    expect(await thrown(refused.client.batches.upload(file, 'a.zip'))).toMatchObject({
      ...{ code: 'TOO_LARGE', fix: 'Do this.' },
    });
  });
});

describe('a signal ends', () => {
  it.each([
    ['a request', () => {}, 0],
    ['an answer', (response: ServerResponse) => response.writeHead(200).write('['), 0],
    ['a wait', refusal('UNAVAILABLE', '20'), 60_000],
  ])('%s', async (_, answer, patienceMs) => {
    const { client, asked } = await serve([answer], { patienceMs });
    const stopping = new AbortController();
    const call = thrown(client.models.list({ signal: stopping.signal }));
    await expect.poll(() => asked.length).toBe(1);
    const reason = new Error('Stopped.');
    setTimeout(() => stopping.abort(reason), 100);
    const started = performance.now();
    expect(await call).toBe(reason);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await thrown(client.models.list({ signal: stopping.signal }))).toBe(reason);
    expect(asked).toHaveLength(1);
  });
});
