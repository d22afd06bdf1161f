/** @file The feature cache with real folders and real processes: by image, shared, bounded, and whole or absent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, truncateSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkTypeScript } from '@plumbline/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  LEVELS,
  type MadeUpOptions,
  madeUpCache,
  valueAt,
} from '../testing/feature-cache-fixture.ts';
import { openFeatureCache } from './feature-cache.ts';

const CHILD = new URL('../testing/feature-cache-fixture.ts', import.meta.url);
/** Of an image: 2 bytes for each of its numbers. */
const RECORD_BYTES = 2 * LEVELS.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);

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

/** Everything but the lock, within the folder. */
async function files(): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((file) => file.isFile() && file.name !== 'lock')
    .map((file) => join(file.parentPath, file.name))
    .sort();
}

const shards = async () => (await files()).filter((file) => file.endsWith('.shard'));
const marks = async () => (await files()).filter((file) => file.endsWith('.mark'));

/** Opens a cache and closes it again. @returns How many images were computed. */
async function computedBy(made: Omit<MadeUpOptions, 'folder'>): Promise<number> {
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

describe('openFeatureCache', () => {
  it('gives what the graph gave, to half precision, at every level', async () => {
    const cache = madeUpCache({ folder, images: 11 });
    const features = await openFeatureCache(cache.options);
    expect(cache.batchSizes()).toEqual([8, 3]);
    const out = new Float32Array(2 * LEVELS[1]!.grid ** 2 * LEVELS[1]!.channels);
    features.read(1, Int32Array.of(9, 2), out);
    const size = out.length / 2;
    for (let i = 0; i < size; i++) {
      expect(out[i]).toBeCloseTo(valueAt(9, 1, i), 2);
      expect(out[size + i]).toBeCloseTo(valueAt(2, 1, i), 2);
    }
    await features.close();
  });

  it('computes an image once: again, fewer, more, in any order', async () => {
    expect(await computedBy({ images: 11 })).toBe(11);
    expect(await computedBy({ images: 11 })).toBe(0);
    expect(await computedBy({ images: 4, from: 5 })).toBe(0);
    expect(await computedBy({ images: 12, from: 2 })).toBe(3);
    const turned = madeUpCache({ folder, images: 13 });
    const samples = [...turned.options.samples].reverse();
    const features = await openFeatureCache({ ...turned.options, samples });
    const out = new Float32Array(LEVELS[0]!.grid ** 2 * LEVELS[0]!.channels);
    features.read(0, Int32Array.of(0), out);
    expect(out[4]).toBe(valueAt(12, 0, 4));
    await features.close();
    expect(turned.computed()).toBe(0);
  });

  it('computes again for another range of values, another graph and another provider', async () => {
    await computedBy({ images: 3 });
    const cache = madeUpCache({ folder, images: 3 });
    const { options } = cache;
    const [first, ...others] = options.samples;
    const ranged = { ...first!, range: { low: 0, high: 4095 } };
    for (const other of [
      { samples: [ranged, ...others] },
      { graph: Uint8Array.of(9) },
      { provider: 'other' },
    ])
      await (await openFeatureCache({ ...options, ...other })).close();
    expect(cache.batchSizes()).toEqual([1, 3, 3]);
  });

  it('computes the same image once when it is there twice, and counts it twice', async () => {
    const cache = madeUpCache({ folder, images: 3 });
    const { samples } = cache.options;
    const told: (number | null)[] = [];
    const features = await openFeatureCache({
      ...cache.options,
      samples: [...samples, ...samples.slice(0, 2)],
      onProgress: async (done) => void told.push(done),
    });
    expect(features.count).toBe(5);
    const out = new Float32Array(LEVELS[0]!.grid ** 2 * LEVELS[0]!.channels);
    features.read(0, Int32Array.of(4), out);
    expect(out[4]).toBe(valueAt(1, 0, 4));
    await features.close();
    expect(cache.computed()).toBe(3);
    expect(told).toEqual([0, 5]);
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

  it('keeps many images in few files', async () => {
    await computedBy({ images: 300, shardBytes: 100 * RECORD_BYTES });
    expect(await files()).toHaveLength(3);
  });

  it('computes again what is not whole', async () => {
    await computedBy({ images: 8, shardBytes: 4 * RECORD_BYTES });
    const [first] = await shards();
    truncateSync(first!, statSync(first!).size - 1);
    expect(await computedBy({ images: 8 })).toBe(4);
    expect(await shards()).toHaveLength(2);
    expect(await shards()).not.toContain(first);
  });

  it('takes away what earlier versions have left', async () => {
    await mkdir(join(folder, 'a'.repeat(32)));
    await writeFile(join(folder, 'a'.repeat(32), 'level0.f16'), 'x');
    await computedBy({ images: 2 });
    await computedBy({ images: 2 });
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('keeps whole shards when it is cancelled, and nothing else', async () => {
    const abort = new AbortController();
    let told = 0;
    const cache = madeUpCache({
      ...{ folder, images: 24, shardBytes: 8 * RECORD_BYTES },
      onImage: () => {
        // The second batch is the second shard.
        if (++told === 4) abort.abort(new Error('stop'));
      },
    });
    const opening = openFeatureCache({ ...cache.options, signal: abort.signal });
    await expect(opening).rejects.toThrow('stop');
    expect(await files()).toEqual(await shards());
    const done = (await shards()).length;
    expect(done).toBeGreaterThan(0);
    expect(await computedBy({ images: 24 })).toBe(24 - 8 * done);
  });

  it('is refused beforehand when its bound is too small, and says how large it would be', async () => {
    const cache = madeUpCache({ folder, images: 20, limitBytes: 1000 });
    await expect(openFeatureCache(cache.options)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('features of 20 images take'),
      fix: expect.stringContaining('PLUMBLINE_FEATURE_CACHE_GB'),
    });
    expect(cache.computed()).toBe(0);
    expect(await files()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'leaves nothing behind when the disk has no room for a file, and says so',
    async () => {
      // 32 blocks of 512 or 1024 bytes are the most that this process may write into one file.
      const child = spawn(
        'sh',
        [
          '-c',
          'ulimit -f 32; exec "$0" "$@"',
          process.execPath,
          '--import',
          import.meta.resolve('tsx'),
          CHILD.pathname,
          JSON.stringify({ folder, images: 300 }),
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
      expect(await files()).toEqual([]);
    },
  );
});

describe('two trainers', () => {
  it('that want overlapping images compute each of them once', async () => {
    const both = [0, 10].map((from) =>
      otherTrainer({ images: 30, from, delayMs: 150, shardBytes: 8 * RECORD_BYTES }),
    );
    const answers = await Promise.all(both.map(answerOf));
    expect(answers.map((answer) => answer.right)).toEqual([true, true]);
    expect(answers[0]!.computed + answers[1]!.computed).toBe(40);
    await expect.poll(async () => (await marks()).length).toBe(0);
    expect(await files()).toEqual(await shards());
  });

  it('of which one is killed while it computes: the other goes on, and loses the open shard alone', async () => {
    const victim = otherTrainer({ images: 32, delayMs: 400, shardBytes: 8 * RECORD_BYTES });
    await expect.poll(async () => (await shards()).length, { timeout: 60_000 }).toBe(2);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    expect(await marks()).toHaveLength(1);
    const whole = 8 * (await shards()).length;
    expect(await computedBy({ images: 32 })).toBe(32 - whole);
    expect(await files()).toEqual(await shards());
  });

  it('do not evict what the other one uses', async () => {
    const other = otherTrainer({ images: 8, keepOpen: true });
    expect((await answerOf(other)).right).toBe(true);
    const [used] = await shards();
    const limitBytes = 10 * RECORD_BYTES + 1000;
    expect(await computedBy({ images: 9, from: 100, limitBytes })).toBe(9);
    expect(await shards()).toContain(used);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(await computedBy({ images: 9, from: 200, limitBytes })).toBe(9);
    expect(await shards()).not.toContain(used);
  });
});

describe('marks', () => {
  /** As a process leaves it that claims the images of `made` and is gone. */
  async function leaveClaim(owner: { pid: number; host: string }, ageMs: number) {
    const gone = otherTrainer({ images: 8, delayMs: 60_000 });
    await expect.poll(async () => (await marks()).length, { timeout: 60_000 }).toBe(1);
    const [path] = await marks();
    await expect
      .poll(async () => (await readFile(path!, 'utf8')).includes('.partial'), { timeout: 60_000 })
      .toBe(true);
    gone.kill('SIGKILL');
    await once(gone, 'exit');
    const claim = JSON.parse(await readFile(path!, 'utf8')) as object;
    await writeFile(path!, JSON.stringify({ ...claim, ...owner }));
    const then = (Date.now() - ageMs) / 1000;
    await utimes(path!, then, then);
  }

  it('of this very process number, left before it began, hold nobody up', async () => {
    await leaveClaim({ pid: process.pid, host: hostname() }, 0);
    expect(await computedBy({ images: 8 })).toBe(8);
  });

  it('that nobody keeps fresh hold nobody up, be their process number alive or elsewhere', async () => {
    for (const owner of [
      { pid: process.ppid, host: hostname() },
      { pid: 1, host: 'elsewhere' },
    ]) {
      await leaveClaim(owner, 130_000);
      expect(await computedBy({ images: 8 })).toBe(8);
      for (const shard of await shards()) await rm(shard);
    }
  });

  it('that are fresh are waited for', async () => {
    await leaveClaim({ pid: 1, host: 'elsewhere' }, 0);
    const cache = madeUpCache({ folder, images: 8 });
    const [claim] = await marks();
    const told: (number | null)[] = [];
    const features = await openFeatureCache({
      ...cache.options,
      onProgress: async (done) => {
        told.push(done);
        if (done === null) await rm(claim!, { force: true });
      },
    });
    await features.close();
    expect(told[0]).toBeNull();
    expect(cache.computed()).toBe(8);
  });
});

describe('eviction', () => {
  it('takes the least recently used first, and only as many as it must', async () => {
    for (const from of [0, 10, 20]) await computedBy({ images: 4, from });
    const day = 86_400;
    for (const [index, shard] of (await shards()).entries())
      await utimes(shard, (index + 1) * day, (index + 1) * day);
    const [oldest, ...newer] = await shards();
    const bytes = statSync(oldest!).size;
    await computedBy({ images: 4, from: 30, limitBytes: 4 * bytes - 1 });
    const left = await shards();
    expect(left).not.toContain(oldest);
    expect(left).toEqual(expect.arrayContaining(newer));
  });

  it('counts opening as use', async () => {
    await computedBy({ images: 3 });
    const [shard] = await shards();
    await utimes(shard!, 1000, 1000);
    await computedBy({ images: 2 });
    expect((await stat(shard!)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('keeps what this process holds twice until both let go', async () => {
    const made = { folder, images: 3 };
    const [first, second] = [
      await openFeatureCache(madeUpCache(made).options),
      await openFeatureCache(madeUpCache(made).options),
    ];
    const [shard] = await shards();
    const other = { images: 3, limitBytes: 3 * RECORD_BYTES + 500 };
    await first.close();
    await computedBy({ ...other, from: 50 });
    expect(await shards()).toContain(shard);
    await second.close();
    await computedBy({ ...other, from: 60 });
    expect(await shards()).not.toContain(shard);
  });
});
