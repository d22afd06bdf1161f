/** @file Regions on the command line and in files, and what is refused. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { polygonsFrom } from './dataset-ignore-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-ignore-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TRIANGLE = [
  [0, 0],
  [0.5, 0],
  [0, 1],
];

it('reads polygons from options and files', async () => {
  const file = join(folder, 'regions.yaml');
  await writeFile(file, '- - [0, 0]\n  - [0.5, 0]\n  - [0, 1]\n');
  const both = { category: 'bolt', polygon: ['0,0  0.5,0 0,1'], file };
  expect(await polygonsFrom(both)).toEqual([TRIANGLE, TRIANGLE]);
  expect(await polygonsFrom({ category: 'bolt', clear: true })).toEqual([]);
});

it.each([
  [{}, /no region/],
  [{ polygon: ['0,0 1,1 0,1'], clear: true }, /takes all regions away/],
  [{ polygon: ['0,0 1,1'] }, /is no polygon/],
  [{ polygon: ['0,0 40,0 0,30'] }, /is no polygon/],
  [{ file: '/nowhere.yaml' }, /cannot be read/],
])('refuses %o', async (options, message) => {
  await expect(polygonsFrom({ category: 'bolt', ...options })).rejects.toThrow(message);
});
