/** @file Versions of a dataset over the API: listed, compared, asked for; results on equal test images share a leaderboard. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatasetChange, storedMaskSchema } from '@plumbline/contracts';
import {
  decodeMask,
  editDataset,
  importDataset,
  maskPng,
  openFolderBlobStore,
  openKeptLooks,
} from '@plumbline/data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, clientOf, trpcError } from '../testing/api-client.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let client: ApiClient;

beforeAll(async () => {
  platform = await startTestPlatform();
  client = clientOf(platform);
  await platform.addDataset('parts');
  await platform.publish({ model: 'first', dataset: 'parts' });
});
afterAll(() => platform?.stop());

/** As the trainer does it. */
async function makeVersion(changes: DatasetChange[]) {
  const { datasets } = platform.database;
  const { version, manifest } = await datasets.manifest('parts');
  const { blobs, home } = platform;
  const looks = openKeptLooks(join(home.cache, 'looks'));
  const imported = await editDataset({ manifest, changes, blobs, looks, added: new Map() });
  return datasets.create({
    ...{ name: 'parts', imported },
    editOf: { version, edit: { changes, note: '' } },
  });
}

const sampleOf = async (split: 'train' | 'test', label: 'normal' | 'anomalous') => {
  const page = await client.datasets.samples.query({ name: 'parts', split, label });
  return page.samples[0]?.path ?? '';
};

test('rows of versions with the same test images are on one board, others are not', async () => {
  const excluded = await sampleOf('train', 'normal');
  const second = await makeVersion([{ kind: 'exclude', paths: [excluded] }]);
  await platform.publish({ model: 'second', dataset: 'parts' });
  const board = await client.leaderboards.get.query({ dataset: 'parts' });
  expect(board.datasetVersion).toBe(second.datasetVersion);
  const rows = board.rows.map(({ model, datasetVersion }) => [model, datasetVersion.slice(0, 2)]);
  expect(rows.sort()).toEqual([
    ['first', 'v1'],
    ['second', 'v2'],
  ]);
  // Other training images are no further seed of the same.
  expect(new Set(board.rows.map(({ configuration }) => configuration)).size).toBe(2);
  const compared = await client.leaderboards.compare.query({
    dataset: 'parts',
    a: 'first@1',
    b: 'second@1',
  });
  expect(compared.images).toBeDefined();

  await makeVersion([{ kind: 'exclude', paths: [await sampleOf('test', 'normal')] }]);
  expect((await client.leaderboards.get.query({ dataset: 'parts' })).rows).toEqual([]);
  const { datasetVersion } = second;
  const earlier = await client.leaderboards.get.query({ dataset: 'parts', datasetVersion });
  expect(earlier.rows).toHaveLength(2);
});

test('versions are listed and compared, and earlier ones stay to be read and trained on', async () => {
  const versions = await client.datasets.versions.query({ name: 'parts' });
  expect(versions.map(({ version, sameTestSet }) => [version, sameTestSet])).toEqual([
    [3, true],
    [2, false],
    [1, false],
  ]);
  const diff = await client.datasets.diff.query({ name: 'parts', from: 1, to: 3 });
  expect(diff).toMatchObject({ sameTestSet: false, counts: { added: 0, removed: 2, changed: 0 } });
  const [first, last] = [versions.at(-1), versions[0]];
  expect((await client.datasets.get.query({ name: 'parts', version: 1 })).images).toBe(
    first?.images,
  );
  expect((await client.datasets.samples.query({ name: 'parts', version: 1 })).total).toBe(
    first?.images,
  );
  expect((await client.datasets.samples.query({ name: 'parts' })).total).toBe(last?.images);
  const run = await client.runs.start.mutate({
    dataset: 'parts',
    datasetVersion: 1,
    method: 'padim',
    preset: 'tiny',
  });
  expect(run.datasetVersion).toBe(first?.datasetVersion);
  const gone = await trpcError(client.datasets.get.query({ name: 'parts', version: 9 }));
  expect(gone).toMatchObject({ code: 'NOT_FOUND' });
});

test('changes are asked for once at a time, of a dataset that is there', async () => {
  const changes: DatasetChange[] = [{ kind: 'move', paths: ['x'], split: 'test' }];
  const asked = await client.datasets.edit.mutate({ name: 'parts', changes, note: 'more' });
  expect(asked).toMatchObject({ name: 'parts', status: 'queued' });
  expect(await trpcError(client.datasets.edit.mutate({ name: 'parts', changes }))).toMatchObject({
    code: 'CONFLICT',
  });
  expect(await trpcError(client.datasets.edit.mutate({ name: 'none', changes }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('license and source are said, and travel with an export; imported again it has the same hash', async () => {
  const { url, home } = platform;
  const update = async (said: object) =>
    fetch(`${url}/v1/datasets/parts`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(said),
    });
  const said = await update({ license: 'cc-by-4.0', source: 'https://example.org/parts' });
  expect(await said.json()).toMatchObject({
    provenance: { license: 'CC-BY-4.0', source: 'https://example.org/parts' },
  });
  expect((await update({ source: 'two\nlines' })).status).toBe(400);
  await update({ source: '' });
  const { provenance, hash } = await client.datasets.get.query({ name: 'parts', version: 1 });
  expect(provenance).toEqual({ license: 'CC-BY-4.0', source: null });

  const download = (query: string) => fetch(`${url}/v1/datasets/parts/export?${query}`);
  const answer = await download('version=1');
  expect(answer.headers.get('content-disposition')).toContain('parts-v1.zip');
  const archive = join(home.root, 'parts.zip');
  await writeFile(archive, new Uint8Array(await answer.arrayBuffer()));
  const elsewhere = openFolderBlobStore(join(home.root, 'elsewhere'));
  const again = await importDataset({ source: archive, blobs: elsewhere });
  expect(again.hash).toBe(hash);
  expect(again.provenance).toEqual(provenance);
  const listed = (await (await download('version=1&format=json')).json()) as { hash: string };
  expect(listed.hash).toBe(hash);
  const lines = (await (await download('version=1&format=csv')).text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(again.manifest.samples.length + 1);
  expect((await download('version=99')).status).toBe(404);
  expect((await download('format=tar')).status).toBe(400);

  // Not half an archive that looks like a whole one.
  const { sha256 = '' } = again.manifest.samples.at(-1)?.image ?? {};
  await rm(join(home.blobs, sha256.slice(0, 2), sha256.slice(2)));
  await expect(download('version=1').then((cut) => cut.arrayBuffer())).rejects.toThrow();
});

test('a mask is sent, set by a change and read back; what is no mask is refused', async () => {
  const path = await sampleOf('test', 'anomalous');
  const read = () => client.datasets.samples.query({ name: 'parts', path });
  const { total, samples } = await read();
  expect(total).toBe(1);
  const { width = 0, height = 0 } = samples[0]?.image ?? {};
  const marks = (x: number, y: number) => Number(x < width / 4 && y < height / 2);
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    marks(i % width, Math.floor(i / width)),
  );
  const send = (body: Uint8Array) =>
    fetch(`${platform.url}/v1/masks`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/octet-stream' } },
      body: Buffer.from(body),
    });
  const answer = await send(await maskPng({ width, height, data }));
  expect(answer.status).toBe(201);
  const { sha256, share } = storedMaskSchema.parse(await answer.json());
  expect(share).toBeCloseTo(1 / 8);
  const back = () => fetch(`${platform.url}/v1/masks/${sha256}`);
  expect((await back()).status).toBe(404);
  await makeVersion([{ kind: 'setMask', path, mask: sha256 }]);
  expect((await read()).samples[0]?.mask).toMatchObject({ sha256, width, height, format: 'png' });
  const bytes = new Uint8Array(await (await back()).arrayBuffer());
  expect(await decodeMask(bytes, 'back')).toEqual({ width, height, data });
  expect((await send(Buffer.from('no image'))).status).toBe(400);
  expect((await send(await grayPng(0))).status).toBe(400);
});

test('ignore regions make a version of their own: another test set, shown by the diff, gone when they are', async () => {
  const { category } = (await client.datasets.samples.query({ name: 'parts' })).samples[0] ?? {};
  const before = await client.datasets.get.query({ name: 'parts' });
  expect(before.ignore).toBeUndefined();
  const polygons: [number, number][][] = [
    [
      [0, 0],
      [0.25, 0],
      [0, 1],
    ],
  ];
  const set = (given: typeof polygons) =>
    makeVersion([{ kind: 'setIgnore', category: category ?? '', polygons: given }]);
  const made = await set(polygons);
  expect(made.ignore).toEqual([{ category, polygons }]);
  const compare = (from: number, to: number) =>
    client.datasets.diff.query({ name: 'parts', from, to });
  expect(await compare(before.version, made.version)).toMatchObject({
    ...{ sameTestSet: false, counts: { added: 0, removed: 0, changed: 0 } },
    ignore: [{ category, from: [], to: polygons }],
  });
  await expect(set(polygons)).rejects.toThrow('change nothing');
  const cleared = await set([]);
  expect(cleared.hash).toBe(before.hash);
  expect(await compare(before.version, cleared.version)).toMatchObject({
    ...{ sameTestSet: true, ignore: [] },
  });
});
