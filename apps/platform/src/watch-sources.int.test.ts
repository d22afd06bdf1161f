import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchSources } from './watch-sources.ts';

let root: string;
let close: () => void;
let seen: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-watch-'));
  for (const folder of ['packages/eval/src/metrics', 'apps/api/src/runs', 'apps/trainer/src'])
    await mkdir(join(root, folder), { recursive: true });
  seen = [];
  close = await watchSources({
    root,
    onChange: (service, path) => seen.push(`${service} ${path}`),
  });
});

afterEach(async () => {
  close();
  await rm(root, { recursive: true, force: true });
});

it("starts a service anew for its own sources, and both for a package's", async () => {
  await writeFile(join(root, 'apps/api/src/runs/runs.router.ts'), 'export {};');
  await expect.poll(() => seen).toEqual(['api apps/api/src/runs/runs.router.ts']);
  await writeFile(join(root, 'packages/eval/src/metrics/aupimo.ts'), 'export {};');
  await expect
    .poll(() => seen.slice(1).sort())
    .toEqual([
      'api packages/eval/src/metrics/aupimo.ts',
      'trainer packages/eval/src/metrics/aupimo.ts',
    ]);
});

it('tells once of a burst, and nothing of tests', async () => {
  for (let i = 0; i < 5; i++) await writeFile(join(root, 'apps/trainer/src/main.ts'), `${i};`);
  await writeFile(join(root, 'apps/trainer/src/env.test.ts'), 'export {};');
  await expect.poll(() => seen).toEqual(['trainer apps/trainer/src/main.ts']);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(seen).toHaveLength(1);
});
