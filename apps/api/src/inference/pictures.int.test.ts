/** @file Pictures that versions make: what a model expects, and heatmaps of test images. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ApiError, PlumblineClient } from '@plumbline/client';
import type { JudgedImage } from '@plumbline/contracts';
import { decodeImage } from '@plumbline/data';
import { forgetPromotion } from '@plumbline/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askModel } from '../testing/ask-model.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'brightness' });
});
afterAll(() => platform?.stop());

describe('what a model expects', () => {
  async function normal(query: string, body: Uint8Array | string, model = 'decoded') {
    const url = `${platform.url}/v1/models/${model}/normal${query}`;
    const headers = { 'content-type': 'image/png' };
    const response = await fetch(url, { method: 'POST', body, headers });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  test('is a PNG from the version’s decoder, beside predictions of the same process', async () => {
    await platform.publish({ model: 'decoded', dataset: 'parts', decoder: true });
    const png = await grayPng(51);
    const [{ response, bytes }, scored] = await Promise.all([
      normal('?version=1', png),
      askModel(platform.url)('?version=1', png, 'image/png', 'decoded'),
    ]);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    const picture = await decodeImage(bytes, 'normal.png');
    expect([picture.width, picture.height]).toEqual([16, 16]);
    expect(new Set(picture.data)).toEqual(new Set([204])); // 255 − 51
    expect(scored.body['imageScore']).toBeCloseTo(0.2, 5);
    const pids = await platform.server.inference.pids();
    expect(Object.keys(pids).filter((key) => key.startsWith('decoded'))).toEqual(['decoded/1']);
  });

  test('a version without a decoder says so, and how to get one', async () => {
    const { response, bytes } = await normal('?version=1', await grayPng(51), 'parts-rlr');
    expect(response.status).toBe(404);
    const { error } = JSON.parse(bytes.toString()) as { error: Record<string, string> };
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no decoder'),
      fix: expect.stringContaining('--decoder'),
    });
  });

  test('nothing promoted, no image, an unknown model: refused', async () => {
    await forgetPromotion(platform.databaseUrl, 'decoded');
    expect((await normal('', await grayPng(51))).response.status).toBe(404);
    expect((await normal('?version=1', 'no image')).response.status).toBe(400);
    expect((await normal('?version=1', await grayPng(51), 'nothing')).response.status).toBe(404);
  });
});

describe('heatmaps of test images', () => {
  test('that were kept when they looked otherwise are drawn anew', async () => {
    const { bundleHash } = await platform.database.models.get('parts-rlr', 1);
    const [image] = await platform.database.models.images('parts-rlr', 1);
    const old = join(platform.home.cache, 'heatmaps', bundleHash, `${image?.sha256}.png`);
    await mkdir(dirname(old), { recursive: true });
    await writeFile(old, 'an older look');
    const url = `${platform.url}/v1/models/parts-rlr/versions/1/heatmaps/${image?.sha256}`;
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect((await decodeImage(bytes, 'heatmap')).width).toBe(32);
  });

  test('the test images of a version are listed all, or some of a category and a label', async () => {
    const base = `${platform.url}/v1/models/parts-rlr/versions/1/images`;
    const list = async (query: string) =>
      ((await (await fetch(base + query)).json()) as JudgedImage[]).map(({ path }) => path);
    const all = (await (await fetch(base)).json()) as JudgedImage[];
    const anomalous = all.filter(({ label }) => label === 'anomalous').map(({ path }) => path);
    expect(anomalous.length).toBeGreaterThan(1);
    expect(await list('?category=part&label=anomalous')).toEqual(anomalous);
    expect(await list('?category=part&label=anomalous&limit=1')).toEqual(anomalous.slice(0, 1));
    expect(await list('?category=nut')).toEqual([]);
  });

  test('are made once, only for images of the version', async () => {
    const base = `${platform.url}/v1/models/parts-rlr/versions/1`;
    const images = (await (await fetch(`${base}/images`)).json()) as JudgedImage[];
    expect(images).toHaveLength(4);
    for (const { imageScore, threshold, scoreRatio } of images) {
      expect(threshold).toBe(0.75);
      expect(scoreRatio).toBeCloseTo(imageScore / 0.75, 9);
    }
    const url = `${base}/heatmaps/${images[0]?.sha256}`;
    const [first, second] = await Promise.all([fetch(url), fetch(url)]);
    expect(first.headers.get('content-type')).toBe('image/png');
    // The name may be another model's one day: browsers ask whether it is still the same.
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const known = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await fetch(url, { headers: known })).status).toBe(304);
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(Buffer.from(await second.arrayBuffer()).equals(bytes)).toBe(true);
    expect((await decodeImage(bytes, 'heatmap')).width).toBe(32);
    const train = await platform.database.datasets.samples({
      name: 'parts',
      split: 'train',
      offset: 0,
      limit: 1,
    });
    const other = await fetch(`${base}/heatmaps/${train.samples[0]?.image.sha256}`);
    expect(other.status).toBe(404);
    expect((await fetch(`${base}/heatmaps/..%2f..%2fsecret`)).status).toBe(400);
  });
});

test('/metrics tells where the time went, what came of it, and what is loaded', async () => {
  const predict = askModel(platform.url);
  const read = async () => {
    const answer = await fetch(`${platform.url}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    return answer.text();
  };
  const seriesIn = (text: string, series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1] ?? 0,
    );
  const asked = 'vad_inference_requests_total{model="parts-rlr",version="1",code="200"}';
  const stage = (name: string) => `vad_inference_duration_seconds_count{stage="${name}"}`;
  const before = await read();
  await predict('?version=1&heatmap=true', await grayPng(51));
  await predict('?version=1', 'no image');
  await predict('', 'x', 'image/png', 'made-up-name');
  const after = await read();
  const more = (series: string) => seriesIn(after, series) - seriesIn(before, series);
  expect(more(asked)).toBe(1);
  expect(more(asked.replace('200', '400'))).toBe(1);
  expect(more('vad_invalid_images_total{reason="INVALID_INPUT"}')).toBe(1);
  for (const name of ['queue', 'decode', 'infer', 'encode'])
    expect([name, more(stage(name))]).toEqual([name, 1]);
  expect(more('vad_verdicts_total{model="parts-rlr",category="part",verdict="normal"}')).toBe(1);
  expect(after).toMatch(/vad_model_loaded\{model="parts-rlr",version="1"\} [12]/);
  expect(seriesIn(after, 'vad_inference_pool_capacity')).toBeGreaterThanOrEqual(3);
  expect(after).toMatch(/nodejs_eventloop_lag_p99_seconds 0\.\d/);
  expect(after).toContain('http_route="/v1/models/:name/predict",http_response_status_code="404"');
  // Whoever makes up names adds no series.
  expect(after).not.toContain('made-up-name');
});

describe('the client package', () => {
  const clientOf = () => new PlumblineClient({ url: platform.url });

  test('predicts and gets pictures, from bytes, a Blob or a stream', async () => {
    const client = clientOf();
    const png = new Uint8Array(await grayPng(51, { spot: 153 }));
    const asked = { version: 1, regions: true, heatmap: true, category: 'part' };
    for (const image of [png, new Blob([png]), new Blob([png]).stream()]) {
      const prediction = await client.predict('parts-rlr', image, asked);
      expect(prediction).toMatchObject({ modelVersion: 1, predictedLabel: 'normal' });
      expect(prediction.imageScore).toBeCloseTo(0.6, 5);
      expect(prediction.regions?.length).toBeGreaterThan(0);
      expect(prediction.heatmap).toEqual(expect.any(String));
    }
    const range = { low: 0, high: 4095 };
    const picture = await client.normalPicture('decoded', png, { version: 1, range });
    expect((await decodeImage(new Uint8Array(picture), 'normal.png')).width).toBe(16);
  });

  test('lists models, versions, datasets and samples', async () => {
    const { models, datasets } = clientOf();
    expect((await models.list()).map(({ name }) => name)).toContain('parts-rlr');
    const [version] = await models.versions('parts-rlr');
    expect(version).toMatchObject({ version: 1, manifest: { method: 'rlr' } });
    expect(await datasets.list()).toMatchObject([{ name: 'parts' }]);
    expect(await datasets.get('parts', 1)).toMatchObject({ name: 'parts' });
    const page = await datasets.samples('parts', { split: 'test', offset: 1, limit: 1 });
    expect(page.samples).toMatchObject([{ split: 'test' }]);
    expect(page.total).toBeGreaterThan(1);
  });

  test('asks by the Open Inference Protocol', async () => {
    const data = new Array<number>(32 * 32 * 3).fill(51);
    const answer = await clientOf().infer(
      'parts-rlr',
      {
        inputs: [{ name: 'image', datatype: 'UINT8', shape: [1, 32, 32, 3], data }],
        outputs: [{ name: 'image_score' }],
      },
      { version: 1 },
    );
    expect(answer.outputs).toMatchObject([{ name: 'image_score', data: [expect.closeTo(0.2)] }]);
  });

  test('throws what the API refuses', async () => {
    const client = clientOf();
    const refused = async (call: Promise<unknown>) => {
      const error = await call.then(null, (thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ requestId: expect.stringMatching(/./) });
      return error;
    };
    const png = new Uint8Array(await grayPng(51));
    expect(await refused(client.models.versions('none'))).toMatchObject({ status: 404 });
    expect(
      await refused(client.predict('parts-rlr', png, { version: 1, category: 'screw' })),
    ).toMatchObject({ code: 'INVALID_INPUT', status: 400, field: 'category' });
    const noImage = new TextEncoder().encode('no image');
    expect(await refused(client.predict('parts-rlr', noImage, { version: 1 }))).toMatchObject({
      ...{ code: 'INVALID_INPUT', file: 'image' },
    });
  });
});
