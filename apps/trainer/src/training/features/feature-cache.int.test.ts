/** @file The feature cache with real folders and real processes: by image, shared, bounded, and whole or absent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, truncateSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LEVELS, madeUpCache, valueAt } from '../testing/feature-cache-fixture.ts';
import {
  answerOf,
  CHILD,
  children,
  computedBy,
  files,
  folder,
  marks,
  otherTrainer,
  RECORD_BYTES,
  shards,
} from '../testing/feature-cache-folder.ts';
import { openFeatureCache } from './feature-cache.ts';
import { MANY_SMALL_SHARDS } from './merge-shards.ts';

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

  it('merges small ones when they are many, and reads the same from what they became', async () => {
    const all = 3 * MANY_SMALL_SHARDS;
    let most = 0;
    for (let images = 1; images <= all; images++) {
      expect(await computedBy({ images, shardBytes: 40 * RECORD_BYTES })).toBe(1);
      most = Math.max(most, (await shards()).length);
    }
    // 48 images, one a time: at most 40 of them in a full one, and fewer than many others.
    expect(most).toBeLessThanOrEqual(1 + MANY_SMALL_SHARDS);
    expect(await computedBy({ images: all, shardBytes: 40 * RECORD_BYTES })).toBe(0);
    expect((await shards()).length).toBeLessThanOrEqual(MANY_SMALL_SHARDS);
    expect(await files()).toEqual(await shards());
  });

  it('keeps what was merged while another trainer reads it, and no longer', async () => {
    const one = { shardBytes: 40 * RECORD_BYTES };
    for (let images = 1; images < MANY_SMALL_SHARDS; images++) await computedBy({ images, ...one });
    const before = await shards();
    const other = otherTrainer({ images: MANY_SMALL_SHARDS - 1, keepOpen: true, ...one });
    expect(await answerOf(other)).toEqual({ computed: 0, right: true });
    expect(await computedBy({ images: MANY_SMALL_SHARDS, ...one })).toBe(1);
    const merged = await shards();
    expect(merged).toEqual(expect.arrayContaining(before));
    expect(await computedBy({ images: MANY_SMALL_SHARDS, ...one })).toBe(0);
    expect(await shards()).toEqual(merged);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(await computedBy({ images: MANY_SMALL_SHARDS, ...one })).toBe(0);
    expect(await shards()).toHaveLength(1);
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
    // Of a process that was killed between writing its mark and giving it its name.
    await writeFile(join(folder, 'dead.mark.new'), '{');
    await utimes(join(folder, 'dead.mark.new'), 0, 0);
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

  // Blocks of 512 or 1024 bytes that this process may write into one file at most.
  it.skipIf(process.platform === 'win32').each([32, 0])(
    'leaves nothing behind when the disk has no room for a file of more than %i blocks, and says so',
    async (blocks) => {
      const child = spawn(
        'sh',
        [
          '-c',
          `ulimit -f ${blocks}; exec "$0" "$@"`,
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
