/** @file Backbones over the API: a real platform, a real server in the publisher's place. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BACKBONE_CATALOG,
  type BackboneSummary,
  backboneSchema,
  EMBEDDED_BACKBONES,
} from '@plumbline/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const BYTES = Buffer.alloc(10_000, 'made-up weights');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const unpinned = BACKBONE_CATALOG.find((one) => one.sha256 === null)?.name ?? '';
const pinned = BACKBONE_CATALOG.find((one) => one.sha256 !== null)?.name ?? '';

let publisher: Server;
let platform: TestPlatform;
let isHanging = false;

beforeAll(async () => {
  publisher = createServer((request, response) => {
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= BYTES.length) {
      response.writeHead(416, { 'content-range': `bytes */${BYTES.length}` }).end();
      return;
    }
    const range = { 'content-range': `bytes ${start}-${BYTES.length - 1}/${BYTES.length}` };
    response.writeHead(start > 0 ? 206 : 200, {
      ...(start > 0 ? range : {}),
      'content-length': BYTES.length - start,
    });
    if (isHanging) response.write(BYTES.subarray(start, start + 100));
    else response.end(BYTES.subarray(start));
  });
  publisher.listen(0, '127.0.0.1');
  await once(publisher, 'listening');
  const { port } = publisher.address() as AddressInfo;
  platform = await startTestPlatform({ backboneMirror: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await platform.stop();
  publisher.closeAllConnections();
  publisher.close();
});

async function call(method: string, path: string, body?: object) {
  const response = await fetch(`${platform.url}/v1/backbones${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: answer };
}

const backboneOf = async (path: string): Promise<BackboneSummary> =>
  backboneSchema.parse((await call('GET', path)).body);

async function settled(name: string): Promise<BackboneSummary> {
  for (;;) {
    const found = await backboneOf(`/${name}`);
    if (found.status !== 'fetching') return found;
    await sleep(20);
  }
}

test('lists the embedded ones, the catalog with sizes and hashes, and where files belong', async () => {
  const body = backboneSchema.array().parse((await call('GET', '')).body);
  expect(body.slice(0, 2)).toMatchObject([
    { name: 'standard', source: 'embedded', status: 'ready', parameters: 2_782_784 },
    { name: 'compact', source: 'embedded', status: 'ready', parameters: 699_168 },
  ]);
  expect(body).toHaveLength(2 + BACKBONE_CATALOG.length);
  expect(body.find((one) => one.name === pinned)).toMatchObject({
    source: 'catalog',
    status: 'absent',
    path: join(platform.home.backbones, `${pinned}.safetensors`),
    fetch: null,
  });
});

test('a file that nobody vouches for waits for its hash to be confirmed', async () => {
  expect((await call('POST', `/${unpinned}/fetch`, {})).status).toBe(200);
  const waiting = await settled(unpinned);
  expect(waiting.status).toBe('failed');
  expect(waiting.fetch?.error?.fix).toContain(`--sha256 ${SHA256}`);
  await call('POST', `/${unpinned}/fetch`, { sha256: SHA256 });
  expect(await settled(unpinned)).toMatchObject({ status: 'ready', bytes: 10_000, fetch: null });
});

test('a download that is cancelled is absent again', async () => {
  isHanging = true;
  await call('POST', `/${pinned}/fetch`, {});
  for (let received = 0; received === 0; ) {
    received = (await backboneOf(`/${pinned}`)).fetch?.receivedBytes ?? 0;
    await sleep(20);
  }
  const { body } = await call('POST', `/${pinned}/cancel`, {});
  isHanging = false;
  expect(body).toMatchObject({ name: pinned, status: 'absent', fetch: null });
});

test('a wrong file fails with the way to bring the right one by hand', async () => {
  await call('POST', `/${pinned}/fetch`, {});
  const failed = await settled(pinned);
  expect(failed.fetch?.error?.message).toContain(SHA256);
  expect(failed.fetch?.error?.fix).toContain(`plumb backbones add <file> --name ${pinned}`);
});

test('adds a file by its path, and says what is wrong with others', async () => {
  const path = join(platform.home.root, 'mine.onnx');
  await writeFile(path, BYTES);
  const added = await call('POST', '', { name: 'mine', path });
  expect(added.body).toMatchObject({ name: 'mine', source: 'added', status: 'ready' });
  const wrong = await call('POST', '', {
    name: pinned,
    path: path.replace('.onnx', '.safetensors'),
  });
  expect(wrong).toMatchObject({ status: 400, body: { error: { field: 'path' } } });
  const relative = await call('POST', '', { name: 'mine', path: 'mine.onnx' });
  expect(relative).toMatchObject({ status: 400, body: { error: { field: 'path' } } });
  for (const name of EMBEDDED_BACKBONES) {
    expect((await call('POST', '', { name, path })).status).toBe(409);
  }
  expect((await call('GET', '/nothing')).status).toBe(404);
  expect((await call('POST', '/nothing/fetch', {})).status).toBe(404);
});
