/** @file Suspects over the API: asked for, cancelled, shown with where they differ, decided on; and gone with their version. */
import { SUSPECT_MAP_SIDE, type Suspect, type SuspectSearch } from '@plumbline/contracts';
import { decodeImage, editDataset, openKeptLooks } from '@plumbline/data';
import { taken } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, clientOf, trpcError } from '../testing/api-client.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let client: ApiClient;

beforeAll(async () => {
  platform = await startTestPlatform();
  client = clientOf(platform);
  await platform.addDataset('parts');
});
afterAll(() => platform?.stop());

const review = () => client.suspects.review.query({ name: 'parts' });

/** As a trainer ends it: the first two training images stand out, the third does not. */
async function endWith({ id, dataset, version }: SuspectSearch): Promise<Suspect[]> {
  const { samples } = await client.datasets.samples.query({
    ...{ name: dataset, version, split: 'train', label: 'normal' },
  });
  const listed = samples.slice(0, 3).map(({ path, category, image }, i) => ({
    ...{ path, category, sha256: image.sha256, isLearned: false },
    ...{ imageScore: 5 - i, robustCut: 3.5, deviations: 9 - i },
  }));
  const found = {
    scored: samples.length,
    images: samples.length,
    tooFew: [],
    beyondCut: 2,
    listed,
  };
  const values = new Float32Array(SUSPECT_MAP_SIDE ** 2);
  values.fill(3, 0, values.length / 2);
  const maps = listed.map(({ sha256 }) => ({ sha256, values, threshold: 1 }));
  const attempt = await taken(platform.database.suspects, id);
  await platform.database.suspects.succeed(attempt, { backbone: 'standard', ...found }, maps);
  return listed;
}

test('a search is asked for once at a time, and can be stopped', async () => {
  expect(await review()).toMatchObject({ latest: null, search: null, suspects: [] });
  const asked = await client.suspects.start.mutate({ name: 'parts' });
  expect(asked).toMatchObject({ dataset: 'parts', version: 1, status: 'queued', found: null });
  expect(await trpcError(client.suspects.start.mutate({ name: 'parts' }))).toMatchObject({
    code: 'CONFLICT',
    message: 'The training images of parts v1 are being looked through already.',
  });
  expect(await client.suspects.cancel.mutate({ id: asked.id })).toMatchObject({
    status: 'cancelled',
  });
  const running = await client.suspects.start.mutate({ name: 'parts' });
  const attempt = await taken(platform.database.suspects, running.id);
  const stopping = await client.suspects.cancel.mutate({ id: running.id });
  expect(stopping).toMatchObject({ status: 'running', cancelRequested: true });
  await platform.database.suspects.cancelled(attempt);
  expect((await review()).latest).toMatchObject({ id: running.id, status: 'cancelled' });
  expect(await trpcError(client.suspects.start.mutate({ name: 'none' }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('what stands out is shown with where it differs, and decided on in one step', async () => {
  const made = await fetch(`${platform.url}/v1/datasets/parts/suspects`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(made.status).toBe(201);
  const search = (await made.json()) as SuspectSearch;
  expect(made.headers.get('location')).toBe(`/v1/suspects/${search.id}`);
  const [first, second, third] = await endWith(search);
  expect(await trpcError(client.suspects.cancel.mutate({ id: search.id }))).toMatchObject({
    code: 'CONFLICT',
  });
  const found = await review();
  expect(found).toMatchObject({ undecided: 2, unseen: 0, search: { beyondCut: 2, version: 1 } });
  expect(found.suspects.map(({ state }) => state)).toEqual(['undecided', 'undecided', 'usual']);

  const heatmap = await fetch(`${platform.url}/v1/suspects/${search.id}/heatmaps/1`);
  expect(heatmap.headers.get('content-type')).toBe('image/png');
  const bytes = new Uint8Array(await heatmap.arrayBuffer());
  const { data, width, height } = await decodeImage(bytes, 'heatmap.png');
  const colored = (y: number) => {
    const at = (y * width + Math.floor(width / 2)) * 3;
    return data[at] !== data[at + 1];
  };
  expect([colored(2), colored(height - 3)]).toEqual([true, false]);
  expect((await fetch(`${platform.url}/v1/suspects/${search.id}/heatmaps/9`)).status).toBe(404);

  const decide = (decisions: { path?: string | undefined; choice: 'keep' | 'exclude' }[]) =>
    client.suspects.decide.mutate({
      name: 'parts',
      decisions: decisions.map(({ path = '', choice }) => ({ path, choice })),
    });
  expect(await trpcError(decide([{ path: 'parts/none.png', choice: 'keep' }]))).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'parts/none.png is no suspect of parts v1.',
  });
  expect(await decide([{ path: second?.path, choice: 'keep' }])).toEqual({ kept: 1, import: null });
  expect(await review()).toMatchObject({ undecided: 1, version: 1 });
  const both = await decide([
    { path: first?.path, choice: 'exclude' },
    { path: third?.path, choice: 'keep' },
  ]);
  expect(both).toMatchObject({ kept: 1, import: { name: 'parts', status: 'queued' } });
  const { source } = await platform.database.imports.input(both.import?.id ?? '');
  expect(source).toMatchObject({
    kind: 'edit',
    changes: [{ kind: 'exclude', paths: [first?.path] }],
  });
  await makeVersion(first?.path ?? '');
  const later = await review();
  expect(later).toMatchObject({ version: 2, latest: null, undecided: 0, unseen: 0 });
  expect(later.search).toMatchObject({ id: search.id, version: 1 });
  expect(later.suspects.map(({ state }) => state)).toEqual(['gone', 'kept', 'kept']);
});

/** As the trainer does it. */
async function makeVersion(excluded: string): Promise<void> {
  const { datasets } = platform.database;
  const { version, manifest } = await datasets.manifest('parts');
  const changes = [{ kind: 'exclude' as const, paths: [excluded] }];
  const { blobs, home } = platform;
  const looks = openKeptLooks(`${home.cache}/looks`);
  const imported = await editDataset({ manifest, changes, blobs, looks, added: new Map() });
  const editOf = { version, edit: { changes, note: '' } };
  await datasets.create({ name: 'parts', imported, editOf });
}

test('searches go with their version, and what was kept with the dataset', async () => {
  const { deletions, suspects } = platform.database;
  const { search } = await review();
  await deletions.delete({ kind: 'dataset', name: 'parts', version: 1 }, { by: 'somebody' });
  expect(await review()).toMatchObject({ search: null, suspects: [], undecided: 0 });
  await expect(suspects.get(search?.id ?? '')).rejects.toThrow('There is no search');
});
