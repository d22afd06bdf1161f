import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetDetail } from '@plumbline/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { TestPlatform } from './support/platform.ts';

let folder: string;
const platforms: TestPlatform[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-homes-'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  for (const platform of platforms) await platform.remove();
  await rm(folder, { recursive: true, force: true });
});

async function create(): Promise<TestPlatform> {
  const platform = await TestPlatform.create();
  platforms.push(platform);
  return platform;
}

it('lets the copy of a running home work on its own, with its own database, images and trainer', async () => {
  const first = await create();
  await first.json('up', '--no-web');
  await first.importSmall('small');
  const copy = TestPlatform.at(join(folder, 'copy'));
  platforms.push(copy);
  execFileSync('cp', ['-a', first.home, copy.home]);

  const status = await copy.json<{ running: boolean }>('status');
  expect(status.running).toBe(false);
  await copy.json('up', '--no-web');
  const [one, other] = [await first.record(), await copy.record()];
  expect(other.databaseUrl).not.toBe(one.databaseUrl);
  expect(other.apiUrl).not.toBe(one.apiUrl);
  expect((await copy.json<DatasetDetail>('datasets', 'show', 'small')).images).toBeGreaterThan(0);
  await copy.importSmall('mine');
  expect(await first.failure('datasets', 'show', 'mine')).toMatchObject({ code: 'NOT_FOUND' });
  expect((await fetch(`${other.apiUrl}/readyz`)).status).toBe(200);

  // Taking the copy down leaves the other's server alone.
  await copy.json('down');
  expect((await fetch(`${one.apiUrl}/readyz`)).status).toBe(200);
});

it('refuses a second home on the database of another', async () => {
  const [first] = platforms;
  if (first === undefined) throw new Error('The first home is missing.');
  vi.stubEnv('DATABASE_URL', (await first.record()).databaseUrl);
  const second = await create();
  const refused = await second.failure('up', '--no-web');
  expect(refused.message).toMatch(/The database belongs to the blob store/);
  expect(refused.message).toContain(join(first.home, 'blobs'));
  expect(refused.message).toContain('PLUMBLINE_HOME');
});
