import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourcesHash } from '@plumbline/web/build-id';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireDashboardBuild } from './dashboard-build.ts';

let root: string;
let web: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dashboard-'));
  web = join(root, 'apps', 'web');
  await write('src/app/page.tsx', 'one');
  await write('next.config.ts', '');
  await write('package.json', '{}');
  await write('../../packages/contracts/src/index.ts', '');
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(web, path, '..'), { recursive: true });
  await writeFile(join(web, path), text);
}

it('refuses a checkout without a build, and takes one of its sources', async () => {
  expect(() => requireDashboardBuild(web)).toThrow('The dashboard is not built.');
  await write('.next/BUILD_ID', sourcesHash(web));
  expect(() => requireDashboardBuild(web)).not.toThrow();
});

it.each([
  ['a page', 'src/app/page.tsx'],
  ['a new page', 'src/app/runs/page.tsx'],
  ['what the API and the pages agree on', '../../packages/contracts/src/index.ts'],
])('refuses a build once %s has changed', async (_, path) => {
  await write('.next/BUILD_ID', sourcesHash(web));
  await write(path, 'two');
  expect(() => requireDashboardBuild(web)).toThrow('other sources');
});

it('takes a build when only a test has changed', async () => {
  await write('.next/BUILD_ID', sourcesHash(web));
  await write('src/app/page.test.tsx', 'three');
  expect(() => requireDashboardBuild(web)).not.toThrow();
});
