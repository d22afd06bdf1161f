/** @file What is recorded of inspections, drift from the training images, and what operators say: over HTTP, with real inspections. */
import {
  type DatasetImport,
  type Inspection,
  type Keeping,
  type KeptImages,
  type ModelMonitoring,
  predictionSchema,
  type TrainingScore,
} from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askModel } from '../testing/ask-model.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
/** Gray values of the training images. */
const GRAYS = Array.from({ length: 24 }, (_, index) => 40 + index);

beforeAll(async () => {
  platform = await startTestPlatform({ drift: { inspections: 60 } });
  await platform.addDataset('parts');
  const images: TrainingScore[] = [];
  for (const gray of GRAYS) {
    const sha256 = await platform.blobs.put(await grayPng(gray));
    images.push({ path: `${gray}.png`, category: 'part', sha256, imageScore: gray / 255 });
  }
  // One that is gone is left out.
  images.push({ ...images[0]!, sha256: '0'.repeat(64) });
  const cuts = { imageThreshold: 0.5, pixelThreshold: 0.3 };
  const heldOutScores = GRAYS.map((gray) => gray / 255);
  await platform.publish({
    ...{ model: 'parts-rlr', dataset: 'parts', graph: 'brightness' },
    trainingScores: { formatVersion: 1, scoresFrom: 'crossFit', images },
    manifest: {
      thresholds: {
        ...{ rule: 'for tests', falseAlarmTarget: 0.01 },
        pooled: { ...cuts, heldOutScores },
        categories: { part: { ...cuts, heldOutScores } },
      },
    },
  });
});
afterAll(() => platform?.stop());

async function inspect(count: number, options: { spot?: number; size?: number } = {}) {
  for (let index = 0; index < count; index++) {
    const png = await grayPng(40 + ((index * 7) % 24), options);
    expect((await askModel(platform.url)('', png)).status).toBe(200);
  }
}

async function ask<Answer>(path: string, method = 'GET', body?: object): Promise<Answer> {
  const response = await fetch(`${platform.url}/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

/** Once all of them are written down. */
async function inspections(count: number, query = '?limit=1000'): Promise<Inspection[]> {
  const path = `/models/parts-rlr/inspections${query}`;
  await expect.poll(async () => (await ask<Inspection[]>(path)).length).toBe(count);
  return ask(path);
}

const check = () => ask<ModelMonitoring>('/models/parts-rlr/monitoring/check', 'POST', {});

test('before anything was inspected nothing is said, and how many images are missing', async () => {
  expect(await ask('/models/parts-rlr/monitoring')).toMatchObject({
    ...{ version: 1, promoted: true, window: { inspections: 60, days: 7 }, drift: [] },
  });
  const { drift, events } = await check();
  expect(drift).toHaveLength(1);
  expect(drift[0]).toMatchObject({ category: 'part', state: 'notEnough' });
  expect(drift[0]?.features[0]).toMatchObject({
    ...{ feature: 'score', reference: 'heldOut', referenceImages: 24, images: 0, psi: null },
    missing: { reference: 0, inspections: 50 },
  });
  expect(events).toEqual([]);
});

test('an inspection is recorded with how its image looks, and can be judged by its id', async () => {
  const { body } = await askModel(platform.url)('?category=part', await grayPng(48, { spot: 250 }));
  const { inspection } = predictionSchema.parse(body);
  // At once, before the log would write it by itself.
  expect(await ask(`/inspections/${inspection}/verdict`, 'POST', { verdict: null })).toMatchObject({
    id: inspection,
  });
  const [recorded] = await inspections(1);
  expect(recorded).toMatchObject({
    ...{
      id: inspection,
      version: 1,
      category: 'part',
      predictedLabel: 'anomalous',
      threshold: 0.5,
    },
    ...{ width: 32, height: 32, verdict: null, verdictBy: null },
  });
  expect(recorded?.brightness).toBeCloseTo(48 + (202 * 64) / 1024, 1);
  expect(recorded?.sharpness).toBeGreaterThan(10);

  const path = `/inspections/${inspection}/verdict`;
  expect(await ask(path, 'POST', { verdict: 'falseAlarm' })).toMatchObject({
    ...{ id: inspection, verdict: 'falseAlarm', verdictBy: 'this machine' },
  });
  const { verdicts } = await ask<ModelMonitoring>('/models/parts-rlr/monitoring');
  expect(verdicts).toEqual([
    {
      ...{ category: 'part', judgedAlarms: 1, falseAlarms: 1, judgedPassed: 0, missedDefects: 0 },
      falseAlarmShare: { share: 1, low: expect.closeTo(0.2065, 3), high: 1 },
      missedShare: null,
    },
  ]);
  expect(await ask(path, 'POST', { verdict: 'missedDefect' })).toMatchObject({
    error: { code: 'INVALID_INPUT', field: 'verdict' },
  });
  expect(await ask(path, 'POST', { verdict: null })).toMatchObject({ verdict: null });
  const unknown = `/inspections/${crypto.randomUUID()}/verdict`;
  expect(await ask(unknown, 'POST', { verdict: 'right' })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  });
  const { events } = await platform.database.audit.list({ limit: 10, action: 'monitoring.judge' });
  expect(events.map(({ outcome }) => outcome)).toEqual([
    'failed',
    'done',
    'failed',
    'done',
    'done',
  ]);
});

test('images as in training are ok; another size, darker and with a spot is drift, with an event and gauges', async () => {
  await inspect(60);
  await inspections(61);
  const { drift: same } = await check();
  const [part] = same;
  expect(part).toMatchObject({ category: 'part', state: 'ok' });
  for (const feature of part?.features ?? []) {
    expect(feature, feature.feature).toMatchObject({ state: 'ok', referenceImages: 24 });
    expect(feature.reference).toBe(feature.feature === 'score' ? 'heldOut' : 'training');
  }

  await inspect(60, { spot: 250, size: 48 });
  await inspections(121);
  const { drift, events } = await check();
  const states = drift[0]?.features.map(({ feature, state }) => [feature, state]);
  expect(Object.fromEntries(states ?? [])).toMatchObject({ score: 'drifted', size: 'drifted' });
  expect(events.map(({ from, to }) => [from, to])).toEqual([
    ['ok', 'drifted'],
    ['notEnough', 'ok'],
  ]);
  expect(events[0]?.features).toContain('size');
  // Nothing new: no further event, and the state is as old as before.
  const again = await check();
  expect(again.events).toHaveLength(2);
  expect(again.drift[0]?.since).toBe(drift[0]?.since);
  const metrics = await (await fetch(`${platform.url}/metrics`)).text();
  expect(metrics).toContain('vad_drift_state{model="parts-rlr",category="part"} 2');
  expect(metrics).toMatch(
    /vad_drift_psi\{model="parts-rlr",category="part",feature="size"\} [1-9]/,
  );
  expect(await inspections(61, '?limit=1000&label=anomalous')).toHaveLength(61);
});

test('a version that is not there, and more inspections than there are in an answer', async () => {
  for (const path of ['monitoring', 'inspections'])
    expect(await ask(`/models/parts-rlr/${path}?version=9`), path).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  expect(await ask('/models/parts-rlr/inspections?limit=5000')).toMatchObject({
    error: { code: 'INVALID_INPUT' },
  });
});

describe('images', () => {
  const list = (query = '') => ask<KeptImages>(`/models/parts-rlr/kept-images${query}`);
  const keep = (keeping: object) => ask<Keeping>('/models/parts-rlr/keeping', 'PUT', keeping);
  const predict = async (png: Uint8Array) =>
    predictionSchema.parse((await askModel(platform.url)('?category=part', png)).body).inspection;

  test('are kept by choice alone: those that are anomalous or close to the threshold, as they came', async () => {
    await predict(await grayPng(40, { spot: 250 }));
    expect(await list()).toMatchObject({
      keeping: { keep: 'none' },
      total: { images: 0 },
      images: [],
    });
    expect(await keep({ keep: 'anomalousOrClose', closeFrom: 0.9 })).toMatchObject({
      ...{ keep: 'anomalousOrClose', maxDays: 30 },
    });
    const png = await grayPng(41, { spot: 251 });
    const [far, alarm, close] = [await grayPng(50), png, await grayPng(120)];
    const ids = [await predict(far), await predict(alarm), await predict(close)];
    const { total, images } = await list();
    expect(images.map(({ id, predictedLabel }) => [id, predictedLabel])).toEqual([
      [ids[2], 'normal'],
      [ids[1], 'anomalous'],
    ]);
    expect(total).toEqual({ images: 2, bytes: alarm.length + close.length });
    const [, kept] = images;
    const blob = await fetch(`${platform.url}/v1/blobs/${kept?.image}`);
    expect(Buffer.from(await blob.arrayBuffer()).equals(Buffer.from(png))).toBe(true);
    expect((await fetch(`${platform.url}/v1/blobs/${kept?.image}?size=64`)).status).toBe(200);
    const recorded = await ask<Inspection[]>('/models/parts-rlr/inspections?limit=3');
    expect(recorded.map(({ image }) => image)).toEqual([images[0]?.image, kept?.image, null]);
    await ask(`/inspections/${ids[1]}/verdict`, 'POST', { verdict: 'falseAlarm' });
    expect((await list('?verdict=wrong')).images.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await list('?category=other')).images).toEqual([]);
    const metrics = await (await fetch(`${platform.url}/metrics`)).text();
    expect(metrics).toContain('vad_kept_images_total 2');
    expect(metrics).toContain('vad_kept_images_dropped_total 0');
  });

  test('a sweep leaves them, and what is beyond a limit goes from the disk, a wrong verdict last', async () => {
    const { images } = await list();
    const hashes = images.map(({ image }) => image);
    await platform.database.blobReferences.sweep(hashes, async (unreferenced) => {
      expect(unreferenced).toEqual([]);
    });
    // One of two: the older one has a wrong verdict.
    await keep({ keep: 'all', maxImages: 1 });
    const left = await list();
    expect(left.images).toMatchObject([{ verdict: 'falseAlarm', image: hashes[1] }]);
    expect(await Promise.all(hashes.map((one) => platform.blobs.has(one)))).toEqual([false, true]);
    // A hundred days later.
    const later = Date.now() + 100 * 86_400_000;
    expect(await platform.database.keptImages.trim('parts-rlr', later)).toHaveLength(1);
  });

  test('an image for a dataset has to be kept, and stays while the change goes on', async () => {
    await keep({ keep: 'all' });
    const inspection = await predict(await grayPng(55));
    await list();
    const image = { inspection, category: 'bolt', label: 'normal' };
    const change = (images: object[]) =>
      ask<DatasetImport>('/datasets/parts/edit', 'POST', {
        changes: [{ kind: 'addInspected', images }],
      });
    expect(await change([{ ...image, inspection: crypto.randomUUID() }])).toMatchObject({
      error: { code: 'INVALID_INPUT', field: 'changes' },
    });
    expect(await change([image])).toMatchObject({ status: 'queued', name: 'parts' });
    await keep({ keep: 'none', maxImages: 1 });
    expect((await list()).images).toMatchObject([{ id: inspection, addedTo: 'parts' }]);
  });
});
