/** @file Images with more than 8 bits: predictions by the model's range, or a refusal that says what to name. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { predictionSchema } from '@plumbline/contracts';
import { decodeImage, importDataset } from '@plumbline/data';
import { makeTiff } from '@plumbline/data/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grayPng } from '../testing/pictures.ts';
import { hashOf, testManifest } from '../testing/test-manifest.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const SIDE = 32;
const TWELVE_BITS = { low: 0, high: 4095 };

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  const publish = (model: string, manifest: object) =>
    platform.publish({ model, dataset: 'parts', graph: 'brightness', decoder: true, manifest });
  const { part } = testManifest({
    ...{
      model: 'x',
      run: 'x',
      dataset: 'x',
      datasetVersion: 'x',
      datasetHash: hashOf(Buffer.of(1)),
    },
    ...{ files: [], imageAuroc: 1 },
  }).categories;
  await publish('eight', {});
  await publish('twelve', { ranges: [{ category: 'part', range: TWELVE_BITS }] });
  await publish('mixed', {
    ranges: [{ category: 'part', range: TWELVE_BITS, alsoEightBits: true }],
  });
  await publish('both', {
    categories: { part, other: part },
    ranges: [
      { category: 'part', range: TWELVE_BITS },
      { category: 'other', range: { low: 0, high: 65535 } },
    ],
  });
  await publish('half', {
    categories: { part, other: part },
    ranges: [{ category: 'part', range: TWELVE_BITS }],
  });
});
afterAll(() => platform?.stop());

/** One value everywhere. */
const tiff = (value: number) => makeTiff(new Uint16Array(SIDE * SIDE).fill(value), SIDE, SIDE);

async function post(route: string, body: Uint8Array) {
  const response = await fetch(`${platform.url}/v1/models/${route}`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'image/tiff' },
  });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

async function score(route: string, body: Uint8Array): Promise<number> {
  const answer = await post(route, body);
  expect([answer.status, answer.body.toString()]).toEqual([200, expect.any(String)]);
  return predictionSchema.parse(JSON.parse(answer.body.toString())).imageScore;
}

async function refusal(route: string, body: Uint8Array) {
  const answer = await post(route, body);
  expect(answer.status).toBe(400);
  return JSON.parse(answer.body.toString()).error;
}

const AS_IT_IS = 'range=0..255';

test('12 bits in 16 score as their 8-bit twin', async () => {
  const twin = await score(
    `twelve/predict?version=1&category=part&${AS_IT_IS}`,
    await grayPng(100),
  );
  expect(await score('twelve/predict?version=1&category=part', tiff(100 << 4))).toBe(twin);
  expect(await score('both/predict?version=1&category=part', tiff(100 << 4))).toBe(twin);
});

test('the one range of all categories needs no name; a stated one goes before it', async () => {
  const twin = await score(`twelve/predict?version=1&${AS_IT_IS}`, await grayPng(100));
  expect(await score('twelve/predict?version=1', tiff(100 << 4))).toBe(twin);
  const stated = 'version=1&category=part&range=0..65535';
  expect(await score(`twelve/predict?${stated}`, tiff(100 << 8))).toBe(twin);
  expect(await score(`eight/predict?${stated}`, tiff(100 << 8))).toBe(twin);
});

test.each(['both', 'half'])('%s: categories that differ ask for one', async (model) => {
  const error = await refusal(`${model}/predict?version=1&category=pooled`, tiff(1600));
  expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'category' });
  expect(error.message).toContain('part 0..4095');
  expect(error.fix).toContain('range=0..4095');
});

test.each(['eight/predict?version=1&category=part', 'half/predict?version=1&category=other'])(
  '%s: a model that was trained on 8 bits asks for the range',
  async (route) => {
    const error = await refusal(route, tiff(1600));
    // A category without a threshold of its own is refused before.
    if (error.field === 'category') expect(route).toContain('other');
    else expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'range' });
    expect(error.fix).not.toBeNull();
  },
);

test('8 bits are refused by a model that knows only more, unless they are said to be alike', async () => {
  const png = await grayPng(100);
  const stated = 'twelve/predict?version=1&range=0..4095';
  const found = 'twelve/predict?version=1';
  for (const route of [found, stated, `${found}&category=part`, 'twelve/normal?version=1']) {
    const error = await refusal(route, png);
    expect([route, error]).toMatchObject([route, { code: 'INVALID_INPUT', field: 'image' }]);
    expect(error.message).toContain('part 0..4095');
    expect(error.fix).toContain('range=0..255');
  }
  // One of the categories was trained on 8 bits: which one this is, nobody says.
  await score('half/predict?version=1&category=pooled', png);
  await refusal('half/predict?version=1&category=part', png);
  await refusal('both/predict?version=1&category=pooled', png);
  await score('mixed/predict?version=1', png);
});

test('a range that is none is refused', async () => {
  for (const range of ['4095', '4095..0', 'a..b', '0..', '0..Infinity']) {
    const answer = await post(`twelve/predict?version=1&range=${range}`, tiff(1600));
    expect([range, answer.status]).toEqual([range, 400]);
    expect(answer.body.toString()).toContain('0..4095');
  }
});

test('what the model expects reads the image alike', async () => {
  const twin = await post(`twelve/normal?version=1&${AS_IT_IS}`, await grayPng(100));
  const deep = await post('twelve/normal?version=1', tiff(100 << 4));
  expect(deep.status).toBe(200);
  expect(deep.body.equals(twin.body)).toBe(true);
  expect((await post('both/normal?version=1', tiff(1600))).status).toBe(400);
  expect((await post('both/normal?version=1&category=part', tiff(1600))).status).toBe(200);
});

test('thumbnails of a dataset are as bright as training sees them, masks as evaluation does', async () => {
  const source = join(platform.home.work, 'deep');
  const write = async (path: string, bytes: Uint8Array) => {
    await mkdir(join(source, path, '..'), { recursive: true });
    await writeFile(join(source, path), bytes);
  };
  for (let i = 0; i < 4; i++) await write(`part/train/good/${i}.tif`, tiff(1600 + 16 * i));
  await write('part/train/good/white.tif', tiff(4095));
  await write('part/test/spot/0.tif', tiff(1000));
  const numbers = new Uint8Array(SIDE * SIDE).map((_, i) => (i < SIDE ? 1 : 0));
  await write('part/ground_truth/spot/0_mask.tif', makeTiff(numbers, SIDE, SIDE));
  const imported = await importDataset({ source, blobs: platform.blobs });
  await platform.database.datasets.create({ name: 'deep', imported });

  const thumbnail = async (sha256: string | undefined) => {
    const response = await fetch(`${platform.url}/v1/blobs/${sha256}?size=64`);
    expect(response.status).toBe(200);
    return decodeImage(new Uint8Array(await response.arrayBuffer()), 'thumbnail');
  };
  const { samples } = imported.manifest;
  const image = samples.find(({ path }) => path === 'part/train/good/0.tif')?.image;
  expect(Math.abs(((await thumbnail(image?.sha256)).data[0] ?? 0) - 100)).toBeLessThan(4);
  const mask = samples.find(({ label }) => label === 'anomalous')?.mask;
  const pixels = (await thumbnail(mask?.sha256)).data;
  expect(pixels[0]).toBeGreaterThan(200);
  expect(pixels.at(-1)).toBeLessThan(50);
});
