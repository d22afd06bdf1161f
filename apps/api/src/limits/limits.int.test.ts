/** @file What the API takes at once: bodies, pixels, time; and that large pictures leave it time for others. */
import { type ClientRequest, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PictureThreads } from '../pictures/picture-threads.ts';
import { errorOf } from '../testing/error-of.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const SIXTY_MEGABYTES = 60_000_000;

let platform: TestPlatform;
let url: string;

beforeAll(async () => {
  platform = await startTestPlatform({ maxPixels: 40_000 });
  url = await publish(platform);
});
afterAll(() => platform?.stop());

/** Address of a version's predictions. */
async function publish(target: TestPlatform): Promise<string> {
  await target.addDataset('parts');
  await target.publish({ model: 'parts-rlr', dataset: 'parts' });
  return `${target.url}/v1/models/parts-rlr/predict?version=1`;
}

async function predict(body: Uint8Array, target = url) {
  const headers = { 'content-type': 'image/png' };
  const response = await fetch(target, { method: 'POST', body, headers });
  return { response, body: (await response.json()) as Record<string, unknown> };
}

/** Says how much it will send, and sends the first byte only. */
function announce(
  length: number | null,
  target = url,
): { sent: ClientRequest; answered: Promise<Answer> } {
  const sent = request(target, {
    method: 'POST',
    headers: {
      'content-type': 'image/png',
      ...(length === null ? {} : { 'content-length': length }),
    },
  });
  const answered = new Promise<Answer>((resolve) => {
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', () => resolve({ status: 0, retryAfter: undefined, text: 'cut' }));
  });
  sent.write('x');
  return { sent, answered };
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

test('15 bodies of 60 MB at once, of both protocols: one is taken, the others are told at once and unread', async () => {
  const tensors = `${platform.url}/v2/models/parts-rlr/infer`;
  const all = Array.from({ length: 15 }, (_, index) =>
    // A body that does not say its length counts as the largest.
    announce(index % 5 === 0 ? null : SIXTY_MEGABYTES, index % 2 === 0 ? url : tensors),
  );
  const refused: Answer[] = [];
  for (const { answered } of all) void answered.then((answer) => refused.push(answer));
  await expect.poll(() => refused.length, { timeout: 60_000 }).toBe(14);
  for (const { status, retryAfter, text } of refused) {
    expect(status).toBe(429);
    expect(retryAfter).toBe('2');
    expect(errorOf(text)).toMatchObject({
      ...{ code: 'TOO_MANY', message: expect.stringMatching(/96 MB/) },
    });
  }
  for (const { sent } of all) sent.destroy();
  const png = await grayPng(51);
  await expect.poll(async () => (await predict(png)).response.status).toBe(200);
});

test('a body that does not come is cut off', async () => {
  const impatient = await startTestPlatform({ bodyTimeoutMs: 1_000 });
  try {
    const { answered } = announce(SIXTY_MEGABYTES, await publish(impatient));
    expect((await answered).text).toBe('cut');
  } finally {
    await impatient.stop();
  }
});

test('pixels are counted by the header, before anything is decoded', async () => {
  expect((await predict(await grayPng(51, { size: 200 }))).response.status).toBe(200);
  const tooLarge = await grayPng(51, { size: 300 });
  // Cut short: what would fail if it were decoded.
  for (const bytes of [tooLarge, tooLarge.subarray(0, -30), bmpHeader(300, -300)]) {
    const { response, body } = await predict(bytes);
    expect(response.status).toBe(413);
    expect(body['error']).toMatchObject({
      code: 'TOO_LARGE',
      file: 'image',
      message: expect.stringMatching(/0\.1 megapixels \(300×300\)/),
      fix: expect.stringContaining('PLUMBLINE_MAX_MEGAPIXELS'),
    });
  }
});

test('a heatmap of 25 megapixels is drawn while the event loop answers others', async () => {
  const threads = new PictureThreads();
  const side = 5_000;
  const draw = (size: number) =>
    threads.heatmap({
      image: { width: size, height: size, data: new Uint8Array(size * size * 3).fill(90) },
      anomalyMap: Float32Array.from({ length: 256 }, (_, index) => index),
      mapHeight: 16,
      mapWidth: 16,
      low: 0,
      high: 255,
      threshold: 128,
    });
  await draw(10); // the thread is up
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const start = performance.now();
  const png = await draw(side);
  const elapsedMs = performance.now() - start;
  delay.disable();
  console.info(
    `25 MP in ${elapsedMs.toFixed(0)} ms, the loop held up for ${(delay.max / 1e6).toFixed(0)} ms at most`,
  );
  expect(png.byteLength).toBeGreaterThan(1_000);
  expect(delay.max / 1e6).toBeLessThan(elapsedMs / 2);
  await threads.stop();
});

function bmpHeader(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(54);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}
