import { fork } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ImportReport, Sample } from '@plumbline/contracts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Attempt,
  type Database,
  migrateDatabase,
  openDatabase,
  startQueueWorker,
  takeOverLostTrainers,
} from './index.ts';
import { createTestDatabase, type TestDatabase, taken } from './testing/index.ts';
import { madeUpManifest } from './testing/made-up-manifest.ts';

const HASH = 'ab'.repeat(32);

function sample(index: number): Sample {
  const blob = {
    sha256: index.toString(16).padStart(64, '0'),
    bytes: 10,
    width: 4,
    height: 4,
    format: 'png' as const,
  };
  const isTest = index % 2 === 1;
  return {
    path: `nut/${isTest ? 'test/scratch' : 'train/good'}/${index}.png`,
    category: 'nut',
    split: isTest ? 'test' : 'train',
    label: isTest ? 'anomalous' : 'normal',
    defectType: isTest ? 'scratch' : null,
    image: blob,
    mask: null,
  };
}

const report: ImportReport = {
  layout: 'mvtec',
  images: 4,
  bytes: 40,
  categories: [],
  identicalImages: [],
  warnings: [],
};
const imported = {
  manifest: { formatVersion: 1 as const, layout: 'mvtec', samples: [0, 1, 2, 3].map(sample) },
  hash: HASH,
  report,
};
const training = { method: 'rlr', preset: 'tiny', backbone: 'compact', seed: 0 } as const;

let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
});

afterAll(async () => {
  await database?.close();
  await server?.stop();
});

describe('database', () => {
  it('is migrated once', async () => {
    expect(await migrateDatabase(server.url)).toEqual([]);
  });

  it('keeps a dataset, pages and filters its samples', async () => {
    const created = await database.datasets.create({ name: 'nuts', imported });
    expect(created).toMatchObject({
      name: 'nuts',
      version: 1,
      datasetVersion: 'v1-abababababab',
      images: 4,
    });
    const page = await database.datasets.samples({
      name: 'nuts',
      split: 'test',
      offset: 1,
      limit: 1,
    });
    expect(page).toMatchObject({ total: 2, samples: [{ path: 'nut/test/scratch/3.png' }] });
    const read = { name: 'nuts', offset: 0, limit: 2 };
    // The second time of what is known, in the same order.
    for (const [offset, length] of [
      [0, 2],
      [1, 1],
      [2, 0],
    ] as const)
      expect(await database.datasets.samples({ ...read, split: 'test', offset })).toMatchObject({
        total: 2,
        samples: { length },
      });
    for (const [offset, length] of [
      [0, 2],
      [3, 1],
      [4, 0],
    ] as const)
      expect(await database.datasets.samples({ ...read, offset })).toEqual({
        total: 4,
        samples: imported.manifest.samples.slice(offset, offset + length),
      });
    expect((await database.datasets.manifest('nuts')).manifest).toEqual(imported.manifest);
    expect(await database.datasets.findBlob(sample(1).image.sha256)).toEqual({ kind: 'image' });
    expect(await database.datasets.findBlob('f'.repeat(64))).toBeNull();
  });

  it('refuses a taken name, leaving nothing behind', async () => {
    await expect(database.datasets.create({ name: 'nuts', imported })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(
      database.imports.create({ name: 'nuts', source: { kind: 'sample', seed: 0 } }),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'A dataset named "nuts" exists already.',
    });
    expect(await database.imports.list()).toEqual([]);
  });

  it('lets one of two imports of a name begin', async () => {
    const attempts = [1, 2, 3].map(() =>
      database.imports.create({ name: 'bolts', source: { kind: 'sample', seed: 0 } }),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('says what is not there', async () => {
    await expect(database.datasets.get('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(database.runs.create({ dataset: 'none', ...training })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(database.models.get('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cancels a run that waits, once', async () => {
    const run = await database.runs.create({ dataset: 'nuts', ...training });
    expect((await database.runs.requestCancel(run.id)).status).toBe('cancelled');
    await expect(database.runs.requestCancel(run.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('reads a run that was stored when settings stood under the method’s name, to show and to repeat', async () => {
    const { id } = await database.runs.create({ dataset: 'nuts', ...training });
    const stored = { dataset: 'nuts', ...training, imageSizePx: 256, rlr: { layers: 2 } };
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('UPDATE "TrainingRun" SET input = $1 WHERE id = $2', [stored, id]);
    await client.end();
    const input = await database.runs.input(id);
    const settings = { layers: 2, imageSizePx: 256 };
    expect(input).toEqual({ dataset: 'nuts', ...training, settings });
    expect(await database.runs.get(id)).toMatchObject({ id, method: 'rlr', preset: 'tiny' });
    const again = await database.runs.create({ ...input, model: 'nuts-again' });
    expect((await database.runs.input(again.id)).settings).toEqual(settings);
    await database.runs.requestCancel(id);
    await database.runs.requestCancel(again.id);
  });

  async function publication() {
    const run = await database.runs.create({ dataset: 'nuts', ...training });
    const attempt = await taken(database.attempts, run.id);
    const image = { path: 'a', category: 'nut', label: 'normal', defectType: null } as const;
    return {
      attempt,
      manifest: madeUpManifest(run.id),
      bundleDirectory: 'x',
      bundleHash: HASH,
      sizeBytes: 5,
      images: [{ ...image, sha256: HASH, imageScore: 1 }],
    };
  }

  it('publishes a version once a run; the first serves at once and says so', async () => {
    const first = await publication();
    expect(await database.models.publish(first)).toMatchObject({ version: 1, promoted: true });
    expect((await database.models.publish(first)).version).toBe(1);
    expect((await database.models.get('nuts-rlr', 'promoted')).version).toBe(1);
    expect(await database.models.images('nuts-rlr', 1)).toHaveLength(1);
    const said =
      "Published nuts-rlr version 1. It is the model's first version, so it answers predictions now.";
    expect(await database.runs.get(first.attempt.id)).toMatchObject({
      status: 'succeeded',
      modelVersion: 1,
      progress: 1,
      message: said,
    });
    expect((await database.runs.logs(first.attempt.id)).map(({ text }) => text)).toEqual([said]);
    const part = { key: 'features/x', units: 1, expectedSeconds: 1 };
    const keep = (provider: string, seconds: number) =>
      database.attempts.addTimings(first.attempt, { host: 'a', provider }, [{ ...part, seconds }]);
    for (const seconds of [1, 2]) await keep('cpu', seconds);
    await keep('cuda', 3);
    const secondsOf = async (provider?: string) =>
      (await database.timings.list(['a'], provider)).map(({ seconds }) => seconds);
    // What another provider takes says little, and is better than nothing.
    expect(await secondsOf()).toEqual([3]);
    expect(await secondsOf('cpu')).toEqual([2, 1]);
    expect(await secondsOf('webgpu')).toEqual([3, 2, 1]);
    expect(await database.timings.list(['b'])).toEqual([]);
    expect(await database.models.promotions('nuts-rlr')).toMatchObject([
      { version: 1, replaced: null, by: 'training run' },
    ]);
  });

  it('lets a later version serve when somebody promotes it, and the earlier one again', async () => {
    const second = await publication();
    expect(await database.models.publish(second)).toMatchObject({ version: 2, promoted: false });
    expect((await database.runs.get(second.attempt.id)).message).toBe(
      'Published nuts-rlr version 2.',
    );
    // Whoever comes second replaces what the first one promoted: no promotion is lost.
    const replaced = await Promise.all([
      database.models.promote('nuts-rlr', 2, 'one'),
      database.models.promote('nuts-rlr', 2, 'two'),
    ]);
    expect(replaced.sort()).toEqual([1, 2]);
    expect(await database.models.promote('nuts-rlr', 1, 'me')).toBe(2);
    expect((await database.models.get('nuts-rlr', 'promoted')).version).toBe(1);
    expect(await database.models.promotions('nuts-rlr')).toMatchObject([
      { version: 1, replaced: 2, by: 'me' },
      { version: 2, replaced: 1 },
      { version: 1, replaced: null },
    ]);
    await expect(database.models.promotions('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('queue', () => {
  beforeAll(async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('DELETE FROM graphile_worker._private_jobs');
    await client.end();
  });

  it('hands the run of a killed trainer to another one', async () => {
    const run = await database.runs.create({ dataset: 'nuts', ...training });
    const child = fork(
      fileURLToPath(new URL('./testing/hanging-worker.ts', import.meta.url)),
      [server.url, 'doomed'],
      {
        execArgv: ['--import', import.meta.resolve('tsx')],
      },
    );
    const [taken] = (await once(child, 'message')) as [string];
    expect(taken).toBe(run.id);
    expect(await takeOverLostTrainers(server.url)).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await takeOverLostTrainers(server.url)).toEqual([run.id]);
    expect((await database.runs.get(run.id)).status).toBe('queued');
    await database.trainers.register({ id: 'second', host: hostname(), pid: process.pid });
    const resumed: string[] = [];
    const handlers = {
      import: async () => {},
      train: async ({ id }: Attempt) => void resumed.push(id),
    };
    const worker = await startQueueWorker({ url: server.url, trainerId: 'second', handlers });
    await expect.poll(() => resumed, { timeout: 60_000 }).toEqual([run.id]);
    await worker.stop();
  });

  it('gives a job back when its worker is stopped', async () => {
    const run = await database.runs.create({ dataset: 'nuts', ...training });
    let begun = 0;
    const handlers = {
      import: async () => {},
      train: (_: Attempt, signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          begun++;
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    for (const round of [1, 2]) {
      const worker = await startQueueWorker({ url: server.url, trainerId: 'second', handlers });
      await expect.poll(() => begun, { timeout: 60_000 }).toBe(round);
      await worker.stop();
    }
    await database.runs.requestCancel(run.id);
  });
});
