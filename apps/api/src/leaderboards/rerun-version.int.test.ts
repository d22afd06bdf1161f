/** @file Running a row of a leaderboard again: the same numbers, or what changed in between. */
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertTrained, BANK_STATE_FILE, type TrainedVersion } from '@plumbline/contracts';
import { taken } from '@plumbline/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiClient, clientOf, trpcError } from '../testing/api-client.ts';
import { right } from '../testing/scores.ts';
import { hashOf } from '../testing/test-manifest.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let client: ApiClient;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('board', 30);
  client = clientOf(platform);
  const good = { model: 'good', dataset: 'board', imageAuroc: 1, scoreOf: right };
  await platform.publish(good);
  await platform.publish({ ...good, seed: 1 });
});
afterAll(() => platform?.stop());

async function trained(model: string, version: number): Promise<TrainedVersion> {
  const row = await platform.database.models.get(model, version);
  assertTrained(row);
  return row;
}

describe('running a row again', () => {
  const finish = async (id: string, model: string, from: TrainedVersion, shift = 0) => {
    const { database } = platform;
    const attempt = await taken(database.attempts, id);
    const images = await database.models.images(from.model, from.version);
    return database.models.publish({
      attempt,
      manifest: { ...from.manifest, model, lineage: { ...from.manifest.lineage, run: id } },
      bundleDirectory: id,
      bundleHash: hashOf(Buffer.from(id)),
      sizeBytes: 1,
      images: images.map((image) => ({ ...image, imageScore: image.imageScore + shift })),
    });
  };

  test('starts the same run, and says whether the numbers came out the same', async () => {
    const before = await trained('good', 2);
    const run = await client.leaderboards.rerun.mutate({ name: 'good', version: 2 });
    expect(run).toMatchObject({
      seed: 1,
      preset: 'tiny',
      model: 'good',
      reproduces: { model: 'good', version: 2 },
    });
    const state = (id: string) =>
      client.leaderboards.reproduction.query({ name: 'good', version: 2, run: id });
    expect(await state(run.id)).toMatchObject({ status: 'waiting', reproducedAs: null });
    await finish(run.id, 'good', before);
    expect(await state(run.id)).toMatchObject({
      status: 'same',
      reproducedAs: 3,
      largestImageScoreDifference: 0,
      metrics: [],
    });
    const second = await client.leaderboards.rerun.mutate({ name: 'good', version: 2 });
    await finish(second.id, 'good', before, 1e-6);
    expect(await state(second.id)).toMatchObject({
      status: 'different',
      message: expect.stringMatching(/differ by up to 1.00e-6.*nothing that is recorded/),
    });
    const attempts = await client.leaderboards.reproductions.query({ name: 'good', version: 2 });
    expect(attempts.map((one) => one.status)).toEqual(['different', 'same']);
    expect((await trpcError(state('none'))).code).toBe('NOT_FOUND');
  });

  test('is refused when the backbone or the dataset version is no longer what it was', async () => {
    const path = join(platform.home.root, 'backbone.onnx');
    const bytes = randomBytes(64);
    await writeFile(path, bytes);
    const from = await trained('good', 1);
    const { id } = await client.runs.start.mutate({
      dataset: 'board',
      model: 'filed',
      backbone: path,
      preset: 'tiny',
    });
    const backbone = { name: 'backbone', sha256: hashOf(bytes), featureTaps: ['s8'] };
    await finish(id, 'filed', { ...from, manifest: { ...from.manifest, backbone } });
    const rerun = () => client.leaderboards.rerun.mutate({ name: 'filed', version: 1 });
    expect((await rerun()).backbone).toBe(path);
    await writeFile(path, 'something else');
    expect((await trpcError(rerun())).message).toContain('has other contents now');
    await rm(path);
    expect(await trpcError(rerun())).toMatchObject({ code: 'CONFLICT', file: path });

    const old = { name: 'compact', sha256: hashOf(Buffer.from('old weights')) };
    const again = await client.runs.start.mutate({
      dataset: 'board',
      model: 'aged',
      backbone: 'compact',
      preset: 'tiny',
    });
    const weights = { ...from.manifest.backbone, ...old };
    await finish(again.id, 'aged', { ...from, manifest: { ...from.manifest, backbone: weights } });
    const changed = await trpcError(client.leaderboards.rerun.mutate({ name: 'aged', version: 1 }));
    expect(changed).toMatchObject({ code: 'CONFLICT' });
    expect(changed.message).toContain('weights of the embedded backbone "compact" have changed');
    expect(changed.message).toContain(old.sha256);

    const lineage = { ...from.manifest.lineage, datasetVersion: 'v0-gone' };
    await platform.publish({ model: 'old', dataset: 'board', manifest: { lineage } });
    const error = await trpcError(client.leaderboards.rerun.mutate({ name: 'old', version: 1 }));
    expect(error).toMatchObject({ code: 'CONFLICT' });
    expect(error.message).toContain('version v0-gone of the dataset "board", which is gone');
  });
});

describe('adding images to a version', () => {
  test('is refused before anything is queued where the version has no bank, or knows them all', async () => {
    const runs = (await client.runs.list.query()).length;
    const asked = { name: 'good', version: 1, from: 'board' };
    const refused = await trpcError(client.models.extend.mutate(asked));
    expect(refused).toMatchObject({
      code: 'CONFLICT',
      field: 'version',
      fix: expect.stringContaining('Retrieval'),
    });
    const { method, preset } = { method: 'retrieval', preset: 'quick' } as const;
    const start = client.runs.start.mutate({
      ...{ dataset: 'board', method, preset },
      extends: { version: 1, from: 'board' },
    });
    expect(await trpcError(start)).toMatchObject({ code: 'INVALID_INPUT', field: 'extends' });
    expect(await client.runs.list.query()).toHaveLength(runs);
  });

  test('starts a run with the settings that the version was fitted with', async () => {
    await platform.addDataset('more', 90);
    const bank = { name: BANK_STATE_FILE, sha256: hashOf(Buffer.from('bank')), bytes: 4 };
    const { manifest } = await trained('good', 1);
    const version = await platform.publish({
      ...{ model: 'kept', dataset: 'board', imageAuroc: 1, scoreOf: right },
      manifest: {
        config: { preset: { ...manifest.config, layers: 1 } },
        files: [...manifest.files, bank],
      },
    });
    const asked = { name: 'kept', version: version.version };
    expect(await trpcError(client.models.extend.mutate({ ...asked, from: 'board' }))).toMatchObject(
      { code: 'CONFLICT', field: 'from' },
    );
    const run = await client.models.extend.mutate({ ...asked, from: 'more' });
    expect(run).toMatchObject({ status: 'queued', model: 'kept', dataset: 'board' });
    expect(await platform.database.runs.input(run.id)).toMatchObject({
      settings: { layers: 1 },
      extends: { version: 1, from: 'more', evaluate: false },
    });
  });
});
