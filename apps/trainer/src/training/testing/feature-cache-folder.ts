/** @file What the tests of the feature cache share: a folder per test, other trainers as real processes, and what lies in the folder. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkTypeScript } from '@plumbline/runtime';
import { afterEach, beforeEach, expect } from 'vitest';
import { openFeatureCache } from '../features/feature-cache.ts';
import { LEVELS, type MadeUpOptions, madeUpCache, valueAt } from './feature-cache-fixture.ts';

export const CHILD = new URL('./feature-cache-fixture.ts', import.meta.url);
/** Of an image: 2 bytes for each of its numbers. */
export const RECORD_BYTES =
  2 * LEVELS.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);

export let folder: string;
export const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-features-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Another process that opens the cache, tells how many images it computed, and ends. */
export function otherTrainer(options: Omit<MadeUpOptions, 'folder'>): ChildProcess {
  const child = forkTypeScript(CHILD, [JSON.stringify({ ...options, folder })]);
  children.push(child);
  return child;
}

export async function answerOf(child: ChildProcess): Promise<{ computed: number; right: boolean }> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) =>
      reject(new Error(`It ended with code ${code}, without an answer.`)),
    );
  });
}

/** Everything but the lock, within the folder. */
export async function files(): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((file) => file.isFile() && file.name !== 'lock')
    .map((file) => join(file.parentPath, file.name))
    .sort();
}

export const shards = async () => (await files()).filter((file) => file.endsWith('.shard'));
export const marks = async () => (await files()).filter((file) => file.endsWith('.mark'));

/** Opens a cache and closes it again. @returns How many images were computed. */
export async function computedBy(made: Omit<MadeUpOptions, 'folder'>): Promise<number> {
  const cache = madeUpCache({ folder, ...made });
  const features = await openFeatureCache(cache.options);
  const out = new Float32Array(RECORD_BYTES / 2);
  const [{ grid, channels }] = LEVELS as [(typeof LEVELS)[number]];
  for (let image = 0; image < made.images; image++) {
    features.read(0, Int32Array.of(image), out.subarray(0, grid ** 2 * channels));
    expect(out[4]).toBe(valueAt((made.from ?? 0) + image, 0, 4));
  }
  await features.close();
  return cache.computed();
}
