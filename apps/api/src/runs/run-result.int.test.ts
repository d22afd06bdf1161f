/** @file The result of a run over HTTP: beside its board, with warnings and test images. */
import {
  decidedSuspectsSchema,
  type EvaluationReport,
  findSuspects,
  runResultSchema,
  runSuspectsSchema,
  UNDEFINED_METRICS,
} from '@plumbline/contracts';
import { decodeImage } from '@plumbline/data';
import { taken } from '@plumbline/db/testing';
import { protocolFor } from '@plumbline/eval';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf, trpcError } from '../testing/api-client.ts';
import {
  type PublishOptions,
  startTestPlatform,
  type TestPlatform,
} from '../testing/test-platform.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
});
afterAll(() => platform?.stop());

async function publish(options: Omit<PublishOptions, 'dataset'>) {
  const version = await platform.publish({ dataset: 'parts', ...options });
  return version.manifest.lineage.run;
}

async function resultOf(id: string) {
  const answer = await fetch(`${platform.url}/v1/runs/${id}/result`);
  return { status: answer.status, body: (await answer.json()) as unknown };
}

test('is alone on its board at first, serves, and has its warnings and images', async () => {
  const run = await publish({
    model: 'first',
    imageAuroc: 0.8,
    scoreOf: ({ label }) => (label === 'anomalous' ? 0.9 : 0.3),
  });
  await platform.database.attempts.log({ id: run, number: 1 }, 'warning', 'Small images.');
  const said = runResultSchema.parse((await resultOf(run)).body).thresholdNotes[0] ?? '';
  await platform.database.attempts.log({ id: run, number: 1 }, 'warning', said);
  const result = runResultSchema.parse((await resultOf(run)).body);
  expect(result).toMatchObject({
    model: 'first',
    modelVersion: 1,
    promoted: true,
    protocol: 'plumbline-256',
    mean: { imageAuroc: 0.8, pixelF1Max: null },
    barred: null,
    rows: 1,
    place: 1,
    best: null,
    warnings: ['Small images.'],
  });
  expect(result.thresholdNotes).toEqual([expect.stringMatching(/come from only 4 held-out/)]);
  const normal = result.images.filter(({ kind }) => kind === 'normal');
  expect(normal).toHaveLength(2);
  expect(normal[0]).toMatchObject({ label: 'normal', threshold: 0.75, predictedLabel: 'normal' });
  expect(result.images[0]).toMatchObject({ kind: 'hardest', predictedLabel: 'anomalous' });
  // Its bundle has no scores of training images.
  const suspects = await fetch(`${platform.url}/v1/runs/${run}/suspects`);
  expect(await suspects.json()).toMatchObject({ scoresFrom: null, suspects: [], mapped: 0 });
});

test('stands beside the best other row of its own board alone', async () => {
  await publish({ model: 'large', imageAuroc: 1, protocol: protocolFor(512) });
  const evaluation: EvaluationReport = {
    pixelMethod: 'exact',
    definedOver: {},
    pooled: {
      imageAuroc: null,
      imageAp: null,
      imageF1Max: null,
      meanF1AtPooledThreshold: null,
      calibrationGap: null,
    },
    intervals: { confidence: 0.95, resamples: 1, seed: 0, mean: {}, categories: {} },
    checks: [{ name: 'same-image-across-splits', status: 'barred', message: 'Leaks.', files: [] }],
  };
  const leaky = await publish({ model: 'leaky', imageAuroc: 1, manifest: { evaluation } });
  const better = await publish({
    model: 'better',
    manifest: { mean: { ...UNDEFINED_METRICS, imageAuroc: 0.9 } },
  });
  const again = await publish({ model: 'better', imageAuroc: 0.85 });
  expect((await resultOf(better)).body).toMatchObject({
    rows: 4,
    place: 1,
    best: { model: 'better', modelVersion: 2, mean: { imageAuroc: 0.85 } },
  });
  expect((await resultOf(again)).body).toMatchObject({
    promoted: false,
    promotedVersion: 1,
    place: 2,
    best: { model: 'better', modelVersion: 1, mean: { imageAuroc: 0.9, pixelAuroc: null } },
  });
  expect((await resultOf(leaky)).body).toMatchObject({ place: null, barred: 'Leaks.' });
});

test('its suspects have pictures of where they differ, as far as maps were kept', async () => {
  const { samples } = await platform.database.datasets
    .manifest('parts')
    .then((one) => one.manifest);
  const images = samples
    .filter(({ split, label }) => split === 'train' && label === 'normal')
    .map(({ path, category, image }, i) => ({
      ...{ path, category, sha256: image.sha256, imageScore: i === 0 ? 9 : 1 + i / 100 },
    }));
  const values = new Float32Array(64);
  values.fill(3, 0, 32);
  const run = await publish({
    model: 'odd',
    trainingScores: { formatVersion: 1, scoresFrom: 'crossFit', images },
    suspectMaps: [{ sha256: images[0]?.sha256 ?? '', threshold: 1, values }],
  });
  const at = `${platform.url}/v1/runs/${run}/suspects`;
  const found = runSuspectsSchema.parse(await (await fetch(`${at}?limit=3`)).json());
  expect(found).toMatchObject({
    beyondCut: 1,
    mapped: 1,
    suspects: [{ path: images[0]?.path }, {}, {}],
  });
  const heatmap = await fetch(`${at}/heatmaps/0`);
  expect(heatmap.headers.get('content-type')).toBe('image/png');
  const bytes = new Uint8Array(await heatmap.arrayBuffer());
  const { data, width, height } = await decodeImage(bytes, 'heatmap.png');
  const isColored = (y: number) => {
    const place = (y * width + Math.floor(width / 2)) * 3;
    return data[place] !== data[place + 1];
  };
  expect([isColored(2), isColored(height - 3)]).toEqual([true, false]);
  expect((await fetch(`${at}/heatmaps/1`)).status).toBe(404);
});

test('a suspect that is kept is not asked about again, by another run or a search; the others change the dataset', async () => {
  const { samples } = (await platform.database.datasets.manifest('parts')).manifest;
  const images = samples
    .filter(({ split, label }) => split === 'train' && label === 'normal')
    .map(({ path, category, image }, i) => ({
      ...{ path, category, sha256: image.sha256, imageScore: i < 2 ? 9 - i : 1 + i / 100 },
    }));
  const [odd = '', rare = ''] = images.map(({ path }) => path);
  const trainingScores = { formatVersion: 1, scoresFrom: 'crossFit', images } as const;
  const [run, other] = [
    await publish({ model: 'kept', trainingScores }),
    await publish({ model: 'kept-again', trainingScores }),
  ];
  const { database } = platform;
  // As a search before the training finds it.
  const search = await database.suspects.create({ name: 'parts' });
  await database.suspects.succeed(
    await taken(database.suspects, search.id),
    {
      ...{ backbone: 'compact', images: images.length, scored: images.length, tooFew: [] },
      ...{ beyondCut: 1, listed: findSuspects(trainingScores).slice(0, 2) },
    },
    [],
  );
  const api = clientOf(platform).runs;
  const keptOf = async (id: string) =>
    (await api.suspects.query({ id })).suspects.map(({ path, isKept }) => [path, isKept]);
  expect(await keptOf(run)).toEqual([
    [odd, false],
    [rare, false],
  ]);
  const keep = { id: run, decisions: [{ path: rare, choice: 'keep' as const }] };
  expect(await api.decideSuspects.mutate(keep)).toEqual({ kept: 1, import: null });
  for (const id of [run, other])
    expect(await keptOf(id)).toEqual([
      [odd, false],
      [rare, true],
    ]);
  const review = await database.suspects.review({ name: 'parts' });
  expect(review.suspects.map(({ state }) => state)).toEqual(['undecided', 'kept']);
  const decided = await fetch(`${platform.url}/v1/runs/${run}/suspects/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ decisions: [{ path: odd, choice: 'exclude' }] }),
  }).then(async (answer) => decidedSuspectsSchema.parse(await answer.json()));
  expect(decided).toMatchObject({ kept: 0, import: { name: 'parts', status: 'queued' } });
  expect((await database.imports.input(decided.import?.id ?? '')).source).toMatchObject({
    kind: 'edit',
    note: `Suspects of run ${run.slice(0, 8)}`,
    changes: [{ kind: 'exclude', paths: [odd] }],
  });
  const none = { id: run, decisions: [{ path: 'none.png', choice: 'keep' as const }] };
  expect(await trpcError(api.decideSuspects.mutate(none))).toMatchObject({
    code: 'INVALID_INPUT',
    message: `none.png is no suspect of the run ${run}.`,
  });
});

test('is refused for a run that has none', async () => {
  const waiting = await platform.database.runs.create({
    dataset: 'parts',
    method: 'rlr',
    preset: 'tiny',
    backbone: 'compact',
    seed: 0,
  });
  expect(await resultOf(waiting.id)).toMatchObject({
    status: 409,
    body: { error: { code: 'CONFLICT', message: 'The run has no result: its status is queued.' } },
  });
  expect((await resultOf('none')).status).toBe(404);
  expect((await fetch(`${platform.url}/v1/runs/${waiting.id}/suspects`)).status).toBe(409);
});
