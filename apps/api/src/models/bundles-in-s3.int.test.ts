/** @file Models that one machine has published into a bucket of a real S3 server, on another machine that serves them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type S3Server,
  s3Program,
  startS3Server,
  TEST_CREDENTIALS,
} from '@plumbline/data/testing/s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorOf } from '../testing/error-of.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const program = s3Program();
if (program === null) console.warn('No versitygw: serving from S3 is not tested.');

describe.skipIf(program === null)('a model in a bucket', () => {
  let root: string;
  let server: S3Server;
  let trainer: TestPlatform;
  let platform: TestPlatform;
  let image: Uint8Array;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumbline-api-s3-'));
    Object.assign(process.env, TEST_CREDENTIALS);
    server = await startS3Server(program ?? '', join(root, 's3'));
    const store = server.setting;
    trainer = await startTestPlatform({ store });
    await trainer.database.store.claim(trainer.stores.place);
    platform = await startTestPlatform({ store, databaseUrl: trainer.databaseUrl });
    await trainer.addDataset('parts');
    await trainer.publish({ model: 'parts', dataset: 'parts', decoder: true });
    await trainer.publish({ model: 'cold', dataset: 'parts', graph: 'darkness' });
    image = await grayPng(90);
  });
  afterAll(async () => {
    await platform?.stop();
    await trainer?.stop();
    await server?.kill();
    await rm(root, { recursive: true, force: true });
  });

  const ask = (path: string, body?: Uint8Array) =>
    fetch(`${platform.url}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: new Uint8Array(body) }),
      headers: { 'content-type': 'image/png' },
      signal: AbortSignal.timeout(60_000),
    });
  const predict = (model: string) => ask(`/v1/models/${model}/predict`, image);

  const pidOf = async (key: string) => (await platform.server.inference.pids())[key] ?? 0;

  /** The answer of a new process. */
  async function predictAnew(): Promise<number> {
    const before = await pidOf('parts/1');
    process.kill(before, 'SIGKILL');
    const { status } = await predict('parts');
    expect(await pidOf('parts/1')).not.toBe(before);
    return status;
  }

  test('is served and downloaded by a machine that has not trained it', async () => {
    expect((await predict('parts')).status).toBe(200);
    expect((await ask('/v1/models/parts/normal?version=1', image)).status).toBe(200);
    for (const path of ['files/model.onnx', 'files/manifest.json', 'card', 'bundle.zip']) {
      const address = `/v1/models/parts/versions/1/${path}`;
      const [here, there] = [await ask(address), await fetch(`${trainer.url}${address}`)];
      expect([path, here.status]).toEqual([path, 200]);
      const bytes = Buffer.from(await here.arrayBuffer());
      expect(bytes.equals(Buffer.from(await there.arrayBuffer())), path).toBe(true);
    }
  });

  test('goes on answering while the server is away, with a new process too; others say what is wrong', async () => {
    expect((await ask('/readyz')).status).toBe(200);
    await server.kill();
    expect((await predict('parts')).status).toBe(200);
    expect(await predictAnew()).toBe(200);
    const refused = await predict('cold');
    expect([refused.status, errorOf(await refused.text())]).toMatchObject([
      503,
      {
        code: 'UNAVAILABLE',
        message: expect.stringMatching(/bundles\/.*model\.onnx on http:.* does not answer/),
        fix: expect.stringContaining('AWS_ENDPOINT_URL_S3'),
      },
    ]);
    expect((await ask('/v1/models/parts/versions/1/bundle.zip')).status).toBe(503);
    const ready = await ask('/readyz');
    expect([ready.status, await ready.text()]).toEqual([
      503,
      expect.stringContaining('does not answer'),
    ]);
    await server.start();
    expect([(await predict('cold')).status, (await ask('/readyz')).status]).toEqual([200, 200]);
  });

  test('is fetched anew when its copy is damaged or gone', async () => {
    const { manifest } = await platform.database.models.get('parts', 1);
    const { sha256 = '' } = manifest.files.find(({ name }) => name === 'model.onnx') ?? {};
    const store = join(platform.home.cache, 'store');
    await writeFile(join(store, sha256.slice(0, 2), sha256.slice(2)), 'damaged');
    expect(await predictAnew()).toBe(200);
    await rm(store, { recursive: true });
    expect(await predictAnew()).toBe(200);
  });

  test('goes on answering until this machine can load the version that another one promoted', async () => {
    await trainer.publish({ model: 'parts', dataset: 'parts', graph: 'darkness' });
    const promote = (version: number) =>
      fetch(`${trainer.url}/v1/models/parts/versions/${version}/promote`, { method: 'POST' });
    expect((await promote(2)).status).toBe(200);
    expect((await promote(1)).status).toBe(200);
    const versionOf = async (): Promise<unknown> =>
      ((await (await predict('parts')).json()) as { modelVersion?: unknown }).modelVersion;
    await expect.poll(versionOf).toBe(1);
    await rm(join(platform.home.cache, 'store'), { recursive: true });
    await expect
      .poll(async () => 'parts/2' in (await platform.server.inference.pids()))
      .toBe(false);
    await server.kill();
    expect((await promote(2)).status).toBe(200);
    await sleep(1_000);
    expect(await versionOf()).toBe(1);
    await server.start();
    await expect.poll(versionOf).toBe(2);
  });
});
