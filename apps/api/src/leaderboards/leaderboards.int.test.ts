/** @file Leaderboards over a real database: order, protocols, comparison, exports, published results. */
import { byMetric, CORE_METRIC_NAMES, type EvaluationReport } from '@plumbline/contracts';
import { PLUMBLINE_PROTOCOL, protocolFor, protocolKey } from '@plumbline/eval';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiClient, clientOf, trpcError } from '../testing/api-client.ts';
import { right, wrong } from '../testing/scores.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let client: ApiClient;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('board', 30);
  client = clientOf(platform);
});
afterAll(() => platform?.stop());

const report = (checks: EvaluationReport['checks']): EvaluationReport => ({
  pixelMethod: 'exact',
  definedOver: byMetric(CORE_METRIC_NAMES, () => 1),
  pooled: {
    imageAuroc: 1,
    imageAp: 1,
    imageF1Max: 1,
    meanF1AtPooledThreshold: 1,
    calibrationGap: 0,
  },
  intervals: {
    confidence: 0.95,
    resamples: 1000,
    seed: 0,
    mean: { imageAuroc: { low: 0.9, high: 1 } },
    categories: {},
  },
  checks,
});

describe('a board', () => {
  test('is empty under Plumbline’s own protocol before anything is trained', async () => {
    const empty = await client.leaderboards.get.query({ dataset: 'board' });
    expect(empty).toMatchObject({
      rows: [],
      configurations: [],
      categories: [],
      protocolKey: protocolKey(PLUMBLINE_PROTOCOL),
    });
    expect((await fetch(`${platform.url}/v1/leaderboards/nothing`)).status).toBe(404);
  });

  test('ranks versions with ties, lists another protocol apart, and bars what failed a check', async () => {
    const other = { ...PLUMBLINE_PROTOCOL, maskRule: 'bilinear resize, above one half' };
    await platform.publish({ model: 'masks', dataset: 'board', protocol: other, scoreOf: right });
    await platform.publish({ model: 'bad', dataset: 'board', imageAuroc: 0, scoreOf: wrong });
    await platform.publish({ model: 'good', dataset: 'board', imageAuroc: 1, scoreOf: right });
    await platform.publish({
      model: 'good',
      dataset: 'board',
      imageAuroc: 1,
      scoreOf: right,
      seed: 1,
      manifest: { evaluation: report([]), cost: { parameters: 1234, peakRssMb: 56 } },
    });
    const barring = {
      name: 'same-image-across-splits' as const,
      status: 'barred' as const,
      message: 'part/test/spot/000.png is in training as part/train/good/000.png.',
      files: ['part/test/spot/000.png', 'part/train/good/000.png'],
    };
    await platform.publish({
      model: 'leaky',
      dataset: 'board',
      imageAuroc: 1,
      scoreOf: right,
      manifest: { evaluation: report([barring]), config: { preset: {}, steps: 480 } },
    });
    const board = await client.leaderboards.get.query({ dataset: 'board' });
    expect(board.rows.map((row) => [row.rank, row.model, row.modelVersion])).toEqual([
      [1, 'good', 1],
      [1, 'good', 2],
      [1, 'bad', 1], // a handful of images tells not even these apart
      [null, 'leaky', 1],
    ]);
    expect(board.rows[1]).toMatchObject({
      parameters: 1234,
      peakRssMb: 56,
      intervals: { mean: { imageAuroc: { low: 0.9, high: 1 } } },
      definedOver: { imageAuroc: 1, pixelF1Max: 0 },
    });
    expect(board.rows[3]).toMatchObject({ barred: barring.message, pareto: false, steps: 480 });
    const [first] = board.configurations;
    expect(first?.seeds).toEqual([0, 1]);
    expect(board.configurations).toHaveLength(1); // the seeds of "bad" and "good" are one configuration
    expect(first?.metrics.imageAuroc?.runs).toBe(2);
    expect(board.undefinedReasons).toEqual([
      { category: 'part', metrics: ['pixelF1Max', 'aupro30'], reason: expect.any(String) },
    ]);
    expect(board.otherProtocols).toMatchObject([
      {
        rows: [{ model: 'masks', modelVersion: 1 }],
        differences: [{ field: 'maskRule', there: 'bilinear resize, above one half' }],
      },
    ]);
  });

  test('has a stable link: dataset version and protocol name one board', async () => {
    const newest = await client.leaderboards.get.query({ dataset: 'board' });
    const [apart] = newest.otherProtocols;
    const { datasetVersion } = newest;
    const query = { datasetVersion, protocol: apart?.protocolKey ?? '' };
    const answer = await fetch(
      `${platform.url}/v1/leaderboards/board?${new URLSearchParams(query)}`,
    );
    expect(await answer.json()).toMatchObject({ rows: [{ rank: 1, model: 'masks' }] });
    for (const [input, message] of [
      [{ datasetVersion: 'v9-none' }, /no results on version v9-none/],
      [{ protocol: 'mine' }, /under the protocol "mine"/],
    ] as const) {
      const error = await trpcError(client.leaderboards.get.query({ dataset: 'board', ...input }));
      expect(error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringMatching(message) });
    }
  });

  test('is summed up in one line, and the barred row is not the best', async () => {
    const lines = await client.leaderboards.list.query();
    expect(lines.find((line) => line.dataset === 'board')).toMatchObject({
      rows: 4,
      bestModel: 'good',
      bestImageAuroc: 1,
      protocols: [
        { protocol: 'plumbline-256', rows: 4, bestModel: 'good', bestModelVersion: 1 },
        { protocol: 'plumbline-256', rows: 1, bestModel: 'masks', bestImageAuroc: 0.9 },
      ],
    });
  });

  test('is of the fullest protocol unless one is named, not of the newest result', async () => {
    await platform.addDataset('sizes', 60);
    const shared = { dataset: 'sizes', scoreOf: right };
    const names = async (input: { protocol?: string } = {}) => {
      const board = await client.leaderboards.get.query({ dataset: 'sizes', ...input });
      return [board.protocol.name, board.otherProtocols.map((one) => one.rows.length)];
    };
    await platform.publish({ ...shared, model: 'small' });
    await platform.publish({ ...shared, model: 'large', protocol: protocolFor(512) });
    // Equally full: that of the newest result.
    expect(await names()).toEqual(['plumbline-512', [1]]);
    await platform.publish({ ...shared, model: 'small' });
    await platform.publish({ ...shared, model: 'tiny', protocol: protocolFor(128) });
    expect(await names()).toEqual(['plumbline-256', [1, 1]]);
    expect(await names({ protocol: 'plumbline-512' })).toEqual(['plumbline-512', [2, 1]]);
    const line = (await client.leaderboards.list.query()).find((one) => one.dataset === 'sizes');
    expect(line?.protocols.map(({ protocol, rows }) => [protocol, rows])).toEqual([
      ['plumbline-256', 2],
      ['plumbline-128', 1],
      ['plumbline-512', 1],
    ]);
    const rows = { dataset: 'sizes', a: 'large@1', b: 'large@1' };
    expect((await client.leaderboards.compare.query(rows)).protocol.name).toBe('plumbline-512');
    const error = await trpcError(
      client.leaderboards.get.query({ dataset: 'sizes', protocol: 'plumbline-64' }),
    );
    expect(error.fix).toBe('There are some under plumbline-256, plumbline-128, plumbline-512.');
  });
});

describe('a comparison', () => {
  test('shows settings, a paired test and the images that divide the two', async () => {
    const input = { dataset: 'board', a: 'good@1', b: 'bad@1' };
    const comparison = await client.leaderboards.compare.query(input);
    expect(comparison.test.difference).toBe(1);
    expect(comparison.agreement).toMatchObject({ images: 4, disagreeing: 4, onlyARight: 4 });
    expect(comparison.images).toHaveLength(4);
    const spot = comparison.images.find((image) => image.path.includes('spot'));
    expect(spot).toMatchObject({
      label: 'anomalous',
      defectType: 'spot',
      a: {
        imageScore: 0.9,
        threshold: 0.75,
        scoreRatio: expect.closeTo(1.2, 9),
        predictedLabel: 'anomalous',
        quantile: 0.75,
      },
      b: { imageScore: 0.1, predictedLabel: 'normal', quantile: 0.25 },
    });
    const seeds = await client.leaderboards.compare.query({ ...input, b: 'good@2' });
    expect(seeds.configuration).toEqual([{ setting: 'seed', a: '0', b: '1' }]);
    expect(seeds.test).toMatchObject({ difference: 0, pValue: 1 });
    expect(seeds.images).toEqual([]);
    const all = await client.leaderboards.compare.query({ ...input, b: 'good@2', images: 'all' });
    expect(all.images).toHaveLength(4);
  });

  test('names what is in the way', async () => {
    const compare = (b: string) =>
      trpcError(client.leaderboards.compare.query({ dataset: 'board', a: 'good@1', b }));
    expect(await compare('good@7')).toMatchObject({ code: 'NOT_FOUND' });
    const error = await compare('masks@1');
    expect(error.code).toBe('CONFLICT');
    expect(error.message).toContain('Masks is "nearest-neighbor resize');
  });
});

test('exports in four formats, by REST', async () => {
  const types = {
    json: 'application/json',
    csv: 'text/csv',
    markdown: 'text/markdown',
    latex: 'application/x-tex',
  };
  for (const [format, type] of Object.entries(types)) {
    const answer = await fetch(`${platform.url}/v1/leaderboards/board/export?format=${format}`);
    expect(answer.status, format).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="board-v1-/);
    expect(await answer.text()).toContain('good');
  }
  const bad = await fetch(`${platform.url}/v1/leaderboards/board/export?format=xls`);
  expect(bad.status).toBe(400);
  expect(await bad.json()).toMatchObject({ error: { field: 'format' } });
});

test('published results: all, one standard, or those that match a dataset', async () => {
  const all = await client.leaderboards.published.query({});
  expect(all.map((one) => one.standard)).toContain('visa');
  expect(await client.leaderboards.published.query({ dataset: 'board' })).toEqual([]);
  const [visa] = await client.leaderboards.published.query({ standard: 'visa' });
  expect(visa?.rows.length).toBeGreaterThan(20);
  const error = await trpcError(client.leaderboards.published.query({ standard: 'none' }));
  expect(error.code).toBe('NOT_FOUND');
  expect((await client.leaderboards.protocols.query())[0]?.differences).toEqual([]);
});
