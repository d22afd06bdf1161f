/** @file Asking for an import of results, and what becomes of it: over tRPC and REST, with a real database. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExternalManifest, ImportResultsInput } from '@plumbline/contracts';
import { taken } from '@plumbline/db/testing';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppRouter } from '../router.ts';
import { hashOf, testManifest } from '../testing/test-manifest.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let client: ReturnType<typeof createTRPCClient<AppRouter>>;
let npz: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${platform.url}/trpc` })] });
  npz = join(platform.home.root, 'theirs.npz');
  await writeFile(npz, 'read by the trainer, not here');
});
afterAll(() => platform?.stop());

type Asked = Parameters<typeof client.results.import.mutate>[0];

function input(more: Partial<ImportResultsInput> = {}): Asked {
  return { dataset: 'parts', model: 'theirs', source: { kind: 'path', path: npz }, ...more };
}

async function refusal(asked: Asked): Promise<unknown> {
  const error = await client.results.import.mutate(asked).catch((thrown: unknown) => thrown);
  if (!(error instanceof TRPCClientError)) throw new Error('no tRPC error');
  return (error.data as { plumbline: unknown }).plumbline;
}

test('an import is queued with the defaults filled in, and listed by dataset', async () => {
  const queued = await client.results.import.mutate(input());
  expect(queued).toMatchObject({ status: 'queued', checked: 0, total: null, modelVersion: null });
  expect(await platform.database.results.input(queued.id)).toMatchObject({
    protocol: 'plumbline-256',
    mapResize: 'refuse',
    method: 'external',
    seed: 0,
  });
  const rest = await fetch(`${platform.url}/v1/results/${queued.id}`);
  expect(await rest.json()).toEqual(queued);
  expect(await client.results.imports.query({ dataset: 'parts' })).toEqual([queued]);
  expect(await client.results.imports.query({ dataset: 'others' })).toEqual([]);
});

test.each([
  ['a relative path', { source: { kind: 'path', path: 'a.npz' } }, 'source.path'],
  ['nothing there', { source: { kind: 'path', path: '/nowhere/a.npz' } }, 'source.path'],
  [
    'a file of another kind',
    { source: { kind: 'path', path: import.meta.filename } },
    'source.path',
  ],
  [
    'an upload that is not there',
    { source: { kind: 'upload', uploadId: '../x' } },
    'source.uploadId',
  ],
  ['a protocol that there is not', { protocol: 'mine' }, 'protocol'],
] satisfies [string, Partial<ImportResultsInput>, string][])(
  '%s is refused',
  async (_what, more, field) => {
    expect(await refusal(input(more))).toMatchObject({ code: 'INVALID_INPUT', field });
  },
);

test('an unknown dataset, and a model of another dataset, are refused', async () => {
  expect(await refusal(input({ dataset: 'nowhere' }))).toMatchObject({ code: 'NOT_FOUND' });
  await platform.addDataset('others', 100);
  await platform.publish({ model: 'others-rlr', dataset: 'others' });
  expect(await refusal(input({ model: 'others-rlr' }))).toMatchObject({
    code: 'CONFLICT',
    field: 'model',
  });
});

describe('imported results', () => {
  beforeAll(async () => {
    const { id } = await platform.database.results.create({
      ...input({ model: 'evaluated' }),
      protocol: 'plumbline-256',
      method: 'theirs',
      seed: 0,
      note: '',
      mapResize: 'refuse',
    });
    const parts = await platform.database.datasets.manifest('parts');
    const { hash, datasetVersion } = parts;
    const card = Buffer.from('# evaluated\n');
    const manifest: ExternalManifest = {
      ...testManifest({
        model: 'evaluated',
        run: id,
        dataset: 'parts',
        datasetVersion,
        datasetHash: hash,
        files: [
          { name: 'card.md', bytes: card },
          { name: `heatmap-${hash}.png`, bytes: card },
        ],
        imageAuroc: 0.99,
      }),
      kind: 'external',
      method: 'theirs',
      backbone: null,
      graph: null,
      thresholds: null,
      parity: null,
      trainSeconds: null,
      latencyMs: null,
      external: { source: 'a.npz', format: 'npz', sha256: hash, note: '', mapsResized: null },
    };
    await mkdir(join(platform.home.bundles, id), { recursive: true });
    for (const file of manifest.files)
      await writeFile(join(platform.home.bundles, id, file.name), card);
    await platform.database.models.publish({
      attempt: await taken(platform.database.results, id),
      manifest,
      bundleDirectory: id,
      bundleHash: hashOf(card),
      sizeBytes: card.length,
      images: parts.manifest.samples
        .filter((sample) => sample.split === 'test')
        .map(({ path, category, label, defectType, image }) => {
          const imageScore = label === 'anomalous' ? 1 : 0;
          return { path, category, label, defectType, sha256: image.sha256, imageScore };
        }),
    });
  });

  test('are a row of the leaderboard, marked as external', async () => {
    await platform.publish({ model: 'ours', dataset: 'parts', imageAuroc: 0.8 });
    const { rows } = await client.leaderboards.get.query({ dataset: 'parts' });
    expect(rows.map((row) => [row.model, row.external])).toEqual([
      ['evaluated', true],
      ['ours', false],
    ]);
    expect(rows[0]).toMatchObject({ trainSeconds: null, backbone: null });
  });

  test('have scores, and no threshold to divide them by', async () => {
    const images = await client.models.images.query({ name: 'evaluated', version: 1 });
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(image).toMatchObject({ threshold: null, scoreRatio: null });
  });

  test('have the heatmaps that their bundle holds, and no others', async () => {
    const { hash } = await platform.database.datasets.manifest('parts');
    const url = `${platform.url}/v1/models/evaluated/versions/1/heatmaps`;
    const found = await fetch(`${url}/${hash}`);
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'image/png']);
    const missing = await fetch(`${url}/${'0'.repeat(64)}`);
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { error: { code: 'NOT_FOUND' } },
    ]);
  });

  test('have a card, no curves where the bundle has none, and cannot serve', async () => {
    const key = { name: 'evaluated', version: 1 };
    expect(await client.models.card.query(key)).toEqual({ markdown: '# evaluated\n' });
    expect(await client.models.evaluation.query(key)).toBe(null);
    expect((await client.models.get.query({ name: 'evaluated' }))[0]?.promoted).toBe(false);
    expect(await client.models.promotions.query({ name: 'evaluated' })).toEqual([]);
    const promoted = await client.models.promote.mutate(key).catch((thrown: unknown) => thrown);
    expect((promoted as TRPCClientError<AppRouter>).data?.plumbline).toMatchObject({
      code: 'CONFLICT',
    });
  });
});
