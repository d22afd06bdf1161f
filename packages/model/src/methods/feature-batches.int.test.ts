/** @file A fit to features that are computed as they are read gives the bytes and scores of one to kept features. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, expect, it } from 'vitest';
import { keptFeatures } from './feature-batches.ts';
import { MADE_UP_IMAGES, MADE_UP_LEVELS, madeUpFit, madeUpTokens } from './made-up-fit.ts';
import type { FeatureSource, FeatureStream, TokensMethod } from './method.ts';
import { padim } from './padim/padim.ts';
import { patchcore } from './patchcore/patchcore.ts';
import { retrieval } from './retrieval/retrieval.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** Hands out the same arrays again and again, and counts the images that it was asked for. */
function streamOf({ count, categories, read }: FeatureSource) {
  const asked = new Uint32Array(count);
  const stream: FeatureStream = {
    count,
    categories,
    async *batches(images, size) {
      const sizes = MADE_UP_LEVELS.map(({ grid, channels }) => grid ** 2 * channels);
      const room = sizes.map((each) => new Float32Array(size * each));
      for (let start = 0; start < images.length; start += size) {
        const batch = images.subarray(start, start + size);
        for (const image of batch) asked[image]!++;
        const tokens = room.map((all, level) => all.subarray(0, batch.length * sizes[level]!));
        for (const [level, values] of tokens.entries()) read(level, batch, values);
        yield tokens;
        for (const values of room) values.fill(Number.NaN);
      }
    },
  };
  return { stream, asked };
}

it.each<[string, TokensMethod, number]>([
  ['PatchCore', patchcore, 2],
  ['PaDiM', padim, 3],
  ['retrieval', retrieval, 3],
])('%s', async (_, method, passes) => {
  const folds = { count: 5, of: Int32Array.from({ length: MADE_UP_IMAGES }, (_each, i) => i % 5) };
  const options = madeUpFit(executor, madeUpTokens(MADE_UP_IMAGES, 5), { folds });
  const kept = await method.fit(options);
  const { stream, asked } = streamOf(options.features);
  const streamed = await method.fit({ ...options, features: stream });
  expect(Buffer.from(streamed.graph).equals(Buffer.from(kept.graph))).toBe(true);
  expect(streamed.foldScores).toEqual(kept.foldScores);
  expect([...asked]).toEqual(Array.from(asked, () => passes));
});

it('refuses a stream where any image may be read at any time', () => {
  const { stream } = streamOf(madeUpFit(executor, madeUpTokens(MADE_UP_IMAGES, 5)).features);
  expect(() => keptFeatures(stream)).toThrow(/random access/);
});
