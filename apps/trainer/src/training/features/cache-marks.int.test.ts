/** @file Who uses what of the feature cache: marks of processes that live, are gone or were never here, and eviction. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { madeUpCache } from '../testing/feature-cache-fixture.ts';
import {
  computedBy,
  folder,
  marks,
  otherTrainer,
  RECORD_BYTES,
  shards,
} from '../testing/feature-cache-folder.ts';
import { openFeatureCache } from './feature-cache.ts';

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
