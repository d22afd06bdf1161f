/** @file The feature cache with real folders and real processes: shared, bounded, and whole or absent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, truncateSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkTypeScript } from '@plumbline/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  LEVELS,
  type MadeUpOptions,
  madeUpCache,
  valueAt,
} from '../testing/feature-cache-fixture.ts';
import { evictTo, holdEntry, listEntries } from './cache-entries.ts';
import { openFeatureCache } from './feature-cache.ts';

const CHILD = new URL('../testing/feature-cache-fixture.ts', import.meta.url);

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-features-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Another process that opens the cache, tells how many images it computed, and ends. */
function otherTrainer(options: Omit<MadeUpOptions, 'folder'>): ChildProcess {
  const child = forkTypeScript(CHILD, [JSON.stringify({ ...options, folder })]);
  children.push(child);
  return child;
}

async function answerOf(child: ChildProcess): Promise<{ computed: number; right: boolean }> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) =>
      reject(new Error(`It ended with code ${code}, without an answer.`)),
    );
  });
}

const names = async () => (await readdir(folder)).sort();

describe('openFeatureCache', () => {
  it('gives what the graph gave, to half precision, and computes it once', async () => {
    const first = madeUpCache({ folder, images: 11 });
    const features = await openFeatureCache(first.options);
    expect(first.computed()).toBe(11);
    expect(first.batchSizes()).toEqual([8, 3]);
    const out = new Float32Array(2 * LEVELS[1]!.grid ** 2 * LEVELS[1]!.channels);
    features.read(1, Int32Array.of(9, 2), out);
    const size = out.length / 2;
    for (let i = 0; i < size; i++) {
      expect(out[i]).toBeCloseTo(valueAt(9, 1, i), 2);
      expect(out[size + i]).toBeCloseTo(valueAt(2, 1, i), 2);
    }
    await features.close();
    const second = madeUpCache({ folder, images: 11 });
    await (await openFeatureCache(second.options)).close();
    expect(second.computed()).toBe(0);
  });

  it('puts images of different shapes into different batches, in order', async () => {
    const cache = madeUpCache({ folder, images: 6, shapes: [20, 20, 30, 30, 30, 20] });
    const features = await openFeatureCache(cache.options);
    expect(cache.batchSizes()).toEqual([2, 3, 1]);
    const out = new Float32Array(LEVELS[0]!.grid ** 2 * LEVELS[0]!.channels);
    features.read(0, Int32Array.of(5), out);
    expect(out[0]).toBeCloseTo(valueAt(5, 0, 0), 2);
    await features.close();
  });

  it('computes again what is not whole', async () => {
    await (await openFeatureCache(madeUpCache({ folder, images: 4 }).options)).close();
    const [entry] = await names();
    truncateSync(join(folder, entry!, 'level1.f16'), 10);
    const again = madeUpCache({ folder, images: 4 });
    await (await openFeatureCache(again.options)).close();
    expect(again.computed()).toBe(4);
    expect(await names()).toEqual([entry]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const abort = new AbortController();
    const cache = madeUpCache({
      folder,
      images: 20,
      onImage: () => abort.abort(new Error('stop')),
    });
    const opening = openFeatureCache({ ...cache.options, signal: abort.signal });
    await expect(opening).rejects.toThrow('stop');
    expect(await names()).toEqual([]);
  });

  it('is refused beforehand when its bound is too small, and says how large it would be', async () => {
    const cache = madeUpCache({ folder, images: 20, limitBytes: 1000 });
    await expect(openFeatureCache(cache.options)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('features of 20 images take'),
      fix: expect.stringContaining('PLUMBLINE_FEATURE_CACHE_GB'),
    });
    expect(cache.computed()).toBe(0);
    expect(await names()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'leaves nothing behind when the disk has no room for a file, and says so',
    async () => {
      // 8 blocks of 512 or 1024 bytes are the most that this process may write into one file.
      const child = spawn(
        'sh',
        [
          '-c',
          'ulimit -f 8; exec "$0" "$@"',
          process.execPath,
          '--import',
          import.meta.resolve('tsx'),
          CHILD.pathname,
          JSON.stringify({ folder, images: 400 }),
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      children.push(child);
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
      await once(child, 'close');
      expect(JSON.parse(printed)).toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('the disk is full'),
      });
      expect(await names()).toEqual([]);
    },
  );
});

describe('two trainers', () => {
  it('that want the same features compute them once', async () => {
    const both = [0, 1].map(() => otherTrainer({ images: 16, delayMs: 150 }));
    const answers = await Promise.all(both.map(answerOf));
    expect(answers.map((answer) => answer.right)).toEqual([true, true]);
    expect(answers[0]!.computed + answers[1]!.computed).toBe(16);
    expect(await names()).toHaveLength(1);
  });

  it('of which one is killed while it computes: the other goes on', async () => {
    const victim = otherTrainer({ images: 16, delayMs: 2_000 });
    await expect
      .poll(async () => (await names()).some((name) => name.endsWith('.partial')), {
        timeout: 60_000,
      })
      .toBe(true);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    const cache = madeUpCache({ folder, images: 16 });
    await (await openFeatureCache(cache.options)).close();
    expect(cache.computed()).toBe(16);
    expect(await names()).toHaveLength(1);
  });

  it('do not evict what the other one uses', async () => {
    const other = otherTrainer({ images: 8, keepOpen: true });
    expect((await answerOf(other)).right).toBe(true);
    const [entry] = await names();
    const bytes = (await listEntries(folder))[0]!.bytes;
    // Room for one of the two.
    const cache = madeUpCache({ folder, images: 9, limitBytes: 1.5 * bytes });
    await (await openFeatureCache(cache.options)).close();
    expect(await names()).toContain(entry);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await (
      await openFeatureCache(madeUpCache({ folder, images: 7, limitBytes: 1.5 * bytes }).options)
    ).close();
    expect(await names()).not.toContain(entry);
  });
});

describe('evictTo', () => {
  it('takes the least recently used first, and only as many as it must', async () => {
    for (const images of [3, 4, 5])
      await (await openFeatureCache(madeUpCache({ folder, images }).options)).close();
    const [oldest, middle, newest] = await listEntries(folder);
    const day = 86_400;
    await utimes(oldest!.path, day, day);
    await utimes(newest!.path, 2 * day, 2 * day);
    const total = oldest!.bytes + middle!.bytes + newest!.bytes;
    expect(await evictTo(folder, total - 1)).toBe(total - oldest!.bytes);
    expect(existsSync(oldest!.path)).toBe(false);
    expect(existsSync(newest!.path)).toBe(true);
    await evictTo(folder, total - oldest!.bytes - 1);
    expect(existsSync(newest!.path)).toBe(false);
    expect(existsSync(middle!.path)).toBe(true);
  });

  it('counts opening as use', async () => {
    await (await openFeatureCache(madeUpCache({ folder, images: 3 }).options)).close();
    const [entry] = await listEntries(folder);
    await utimes(entry!.path, 1000, 1000);
    await (await openFeatureCache(madeUpCache({ folder, images: 3 }).options)).close();
    expect((await stat(entry!.path)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('keeps what this process holds twice until both let go', async () => {
    await (await openFeatureCache(madeUpCache({ folder, images: 3 }).options)).close();
    const { path } = (await listEntries(folder))[0]!;
    const [first, second] = [await holdEntry(path), await holdEntry(path)];
    await first?.release();
    await evictTo(folder, 0);
    expect(existsSync(path)).toBe(true);
    await second?.release();
    await evictTo(folder, 0);
    expect(existsSync(path)).toBe(false);
  });
});
