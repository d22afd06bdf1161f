/** @file Predictions and hot swaps on real inference processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { predictionSchema } from '@plumbline/contracts';
import { decodeImage } from '@plumbline/data';
import { forgetPromotion } from '@plumbline/db/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { askModel, type ModelClient } from '../testing/ask-model.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ inference: { capacity: 3 } });
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'brightness' });
});
afterAll(() => platform?.stop());

const predict: ModelClient = (...request) => askModel(platform.url)(...request);

/** Inspections that are not written down yet. */
async function waiting(): Promise<number> {
  const status = await fetch(`${platform.url}/v1/system/status`);
  return ((await status.json()) as { inspections: { waiting: number } }).inspections.waiting;
}

function promote(version: number, model = 'parts-rlr'): Promise<Response> {
  return fetch(`${platform.url}/v1/models/${model}/versions/${version}/promote`, {
    method: 'POST',
  });
}

describe('predict', () => {
  test('nothing is promoted, as in a store of 0.1: it says so', async () => {
    await forgetPromotion(platform.databaseUrl, 'parts-rlr');
    const answer = await predict('', await grayPng(100));
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
    expect(JSON.stringify(answer.body)).toMatch(/promote/i);
  });

  test('a version by number: score, the only category’s threshold, label, false-alarm rate', async () => {
    const { status, body } = await predict('?version=1', await grayPng(51, { spot: 153 }));
    expect(status).toBe(200);
    const prediction = predictionSchema.parse(body);
    expect(prediction).toMatchObject({
      model: 'parts-rlr',
      modelVersion: 1,
      category: 'part',
      threshold: 0.75,
      predictedLabel: 'normal',
      falseAlarmRate: 0.25,
      width: 32,
      height: 32,
      heatmap: null,
      regions: null,
      heatmapScale: { low: expect.closeTo(0.225), high: expect.closeTo(0.6), threshold: 0.3 },
    });
    expect(prediction.imageScore).toBeCloseTo(0.6, 5);
    expect(prediction.latencyMs).toBeGreaterThan(0);
  });

  test('where the anomaly map reaches the pixel threshold, when asked for', async () => {
    const png = await grayPng(51, { spot: 153 });
    const { body } = await predict('?version=1&regions=true&heatmap=true', png);
    const { regions, heatmapScale } = predictionSchema.parse(body);
    expect(regions?.length).toBeGreaterThan(0);
    for (const { box, peak, score } of regions ?? []) {
      expect(score).toBeGreaterThanOrEqual(heatmapScale.threshold);
      expect(peak.x).toBeGreaterThanOrEqual(box.x);
      expect(peak.x).toBeLessThan(box.x + box.width);
      expect(box.y + box.height).toBeLessThanOrEqual(32);
    }
    expect((await predict('?version=1&regions=true', await grayPng(0))).body).toMatchObject({
      regions: [],
    });
    expect(await predict('?regions=yes', png)).toMatchObject({ status: 400 });
  });

  test('the threshold of a category, and a list of them for an unknown one', async () => {
    expect((await promote(1)).status).toBe(200);
    const png = await grayPng(51, { spot: 153 });
    expect((await predict('?category=part', png)).body).toMatchObject({
      category: 'part',
      threshold: 0.75,
      predictedLabel: 'normal',
      heatmapScale: { threshold: 0.3 },
    });
    for (const category of ['screw', 'constructor']) {
      const refused = await predict(`?category=${category}`, png);
      expect(refused).toMatchObject({ status: 400, body: { error: { field: 'category' } } });
      expect(JSON.stringify(refused.body)).toContain('Use one of part');
    }
  });

  test('a heatmap on request, of the size of the image', async () => {
    const { body } = await predict('?heatmap=true', await grayPng(10, { spot: 250 }));
    const { heatmap } = predictionSchema.parse(body);
    const picture = await decodeImage(Buffer.from(heatmap ?? '', 'base64'), 'heatmap');
    expect([picture.width, picture.height]).toEqual([32, 32]);
    const pixel = (x: number, y: number) => [
      ...picture.data.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3),
    ];
    const spread = (rgb: number[]) => Math.max(...rgb) - Math.min(...rgb);
    expect(spread(pixel(7, 7))).toBeGreaterThan(spread(pixel(28, 28)) + 40);
  });

  test('colors run by the pixel threshold of the category, not by the pooled one', async () => {
    // The map is the brightness, 0.27: above the pooled pixel threshold of 0.25, below the category's of 0.3.
    const png = await grayPng(69);
    const colorOf = async (query: string) => {
      const { body } = await predict(`?heatmap=true&${query}`, png);
      const { heatmap } = predictionSchema.parse(body);
      const { data } = await decodeImage(Buffer.from(heatmap ?? '', 'base64'), 'heatmap');
      return (data[0] ?? 0) - (data[2] ?? 0);
    };
    expect(await colorOf('version=1&category=pooled')).toBeGreaterThan(60);
    expect(await colorOf('version=1&category=part')).toBeLessThan(30);
  });

  test('octet-stream is decoded for what it is; inspections are recorded', async () => {
    const record = vi.spyOn(platform.database.inspections, 'record'); // calls through
    await expect.poll(waiting).toBe(0);
    record.mockClear();
    const answer = await predict('', await grayPng(51), 'application/octet-stream');
    expect(answer).toMatchObject({ status: 200, body: { predictedLabel: 'normal' } });
    await expect
      .poll(() => record.mock.calls)
      .toEqual([[[expect.objectContaining({ imageScore: answer.body['imageScore'] })]]]);
    record.mockRestore();
  });

  test('bodies that are no image are refused', async () => {
    const png = await grayPng(100, { size: 128, spot: 3 });
    const cases: [string, Uint8Array | string, string, number, string][] = [
      ['cut short', png.subarray(0, png.length - 40), 'image/png', 400, 'INVALID_INPUT'],
      ['only a header', png.subarray(0, 20), 'image/png', 400, 'INVALID_INPUT'],
      ['text', 'this is not an image', 'image/png', 400, 'INVALID_INPUT'],
      ['nothing', '', 'image/png', 400, 'INVALID_INPUT'],
      [
        'an SVG',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        'image/png',
        400,
        'INVALID_INPUT',
      ],
      ['JSON', '{}', 'application/json', 415, 'UNSUPPORTED'],
      ['a form that is none', 'a=b', 'multipart/form-data', 400, 'INVALID_INPUT'],
      ['65 MB', new Uint8Array(65_000_000), 'image/png', 413, 'TOO_LARGE'],
    ];
    for (const [what, body, type, status, code] of cases) {
      const answer = await predict('', body, type);
      expect(answer, what).toMatchObject({ status, body: { error: { code } } });
    }
  });

  test('an image with fewer pixels than the finest feature grid is refused', async () => {
    expect((await predict('', await grayPng(100, { size: 8 }))).status).toBe(200);
    const { status, body } = await predict('', await grayPng(100, { size: 7 }));
    expect(status).toBe(400);
    expect(body['error']).toMatchObject({
      code: 'INVALID_INPUT',
      file: 'image',
      message: expect.stringMatching(/7×7 pixels.*8×8 feature grid/),
      fix: expect.stringMatching(/at least 8 pixels/),
    });
  });

  test('unknown models, versions and broken queries are refused', async () => {
    const png = await grayPng(100);
    expect((await predict('', png, 'image/png', 'nothing')).status).toBe(404);
    expect((await predict('?version=99', png)).status).toBe(404);
    expect(await predict('?version=one', png)).toMatchObject({
      status: 400,
      body: { error: { field: 'version' } },
    });
    expect(await predict('?heatmap=maybe', png)).toMatchObject({
      status: 400,
      body: { error: { field: 'heatmap' } },
    });
  });
});

describe('processes', () => {
  test('one that is killed costs no request: another one answers', async () => {
    const png = await grayPng(51);
    await predict('?version=1', png);
    const pid = (await platform.server.inference.pids())['parts-rlr/1'] ?? 0;
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, 'SIGSTOP'); // holds the request in flight
    const held = predict('?version=1', png);
    await sleep(500);
    process.kill(pid, 'SIGKILL');
    expect(await held).toMatchObject({ status: 200, body: { predictedLabel: 'normal' } });
    expect((await platform.server.inference.pids())['parts-rlr/1']).not.toBe(pid);
  });

  test('one that died while idle is replaced without a failed request', async () => {
    const png = await grayPng(51);
    const pid = (await platform.server.inference.pids())['parts-rlr/1'] ?? 0;
    process.kill(pid, 'SIGKILL');
    await sleep(300);
    const answers = await Promise.all([1, 2, 3].map(() => predict('?version=1', png)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  });

  test('promoting swaps versions without a failed request, and ends the old process', async () => {
    await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'darkness' });
    const png = await grayPng(51);
    const oldPid = (await platform.server.inference.pids())['parts-rlr/1'] ?? 0;
    const versions: unknown[] = [];
    let swapped = false;
    const asking = (async () => {
      for (let after = 0; after < 5; after += swapped ? 1 : 0) {
        const { status, body } = await predict('', png);
        expect(status).toBe(200);
        versions.push(body['modelVersion']);
        const score = body['modelVersion'] === 1 ? 0.2 : 0.8;
        expect(body['imageScore']).toBeCloseTo(score, 5);
      }
    })();
    const promoted = await promote(2);
    swapped = true;
    expect(await promoted.json()).toMatchObject({ version: 2, promoted: true });
    await asking;
    expect(versions[0]).toBe(1);
    expect(versions.slice(-4)).toEqual([2, 2, 2, 2]);
    await expect.poll(() => isRunning(oldPid), { timeout: 60_000 }).toBe(false);
  });

  test('a version that can not be loaded is not promoted', async () => {
    const graphBytes = Buffer.from('not a graph');
    await platform.publish({ model: 'parts-rlr', dataset: 'parts', graphBytes });
    const refused = await promote(3);
    expect(refused.status).toBe(503);
    expect((await predict('', await grayPng(51))).body).toMatchObject({ modelVersion: 2 });
  });

  test('no more stay than there are places: promoted ones first, then the latest used', async () => {
    const png = await grayPng(51);
    const promotedPid = (await platform.server.inference.pids())['parts-rlr/2'];
    for (const model of ['m1', 'm2', 'm3', 'm4']) {
      await platform.publish({ model, dataset: 'parts' }); // promotes itself
      await platform.publish({ model, dataset: 'parts', graph: 'darkness' });
      expect((await predict('?version=2', png, 'image/png', model)).status).toBe(200);
    }
    const pids = await platform.server.inference.pids();
    expect(Object.keys(pids).sort()).toEqual(['m3/2', 'm4/2', 'parts-rlr/2']);
    expect(pids['parts-rlr/2']).toBe(promotedPid);
  });

  test('promoted ones are not ended for others, even where they take all places', async () => {
    const png = await grayPng(51);
    for (const model of ['m1', 'm2']) await predict('', png, 'image/png', model);
    for (const model of ['m3', 'm4', 'm3']) await predict('?version=2', png, 'image/png', model);
    expect(Object.keys(await platform.server.inference.pids()).sort()).toEqual([
      'm1/1',
      'm2/1',
      'm3/2',
      'parts-rlr/2',
    ]);
  });

  test('a request that found the old version before a promotion keeps no process for it', async () => {
    const stale = await platform.server.served.get('m1', 1);
    expect(stale.version.promoted).toBe(true);
    expect((await promote(2, 'm1')).status).toBe(200);
    await expect
      .poll(async () => Object.keys(await platform.server.inference.pids()), { timeout: 60_000 })
      .not.toContain('m1/1');
    const image = { width: 32, height: 32, data: new Uint8Array(32 * 32 * 3) };
    expect(
      (await platform.server.inference.inspect(stale, image, { category: null })).imageScore,
    ).toBe(0);
    await expect
      .poll(async () => Object.keys(await platform.server.inference.pids()), { timeout: 60_000 })
      .not.toContain('m1/1');
    expect(await platform.server.inference.pids()).toHaveProperty('m1/2');
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
