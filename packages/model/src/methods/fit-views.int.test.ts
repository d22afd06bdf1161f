/** @file Fits to tiles and turned pictures: who is left out for whom, and that each tile of a fixed place is scored by its own fit. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitViews } from './fit-views.ts';
import {
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  madeUpTokens,
  runMadeUp,
} from './made-up-fit.ts';
import type { FeatureSource, Folds } from './method.ts';
import { padim } from './padim/padim.ts';
import { patchcore } from './patchcore/patchcore.ts';
import { retrieval } from './retrieval/retrieval.ts';

let executor: Executor;
const tokens = madeUpTokens(MADE_UP_IMAGES, 5);
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** Each picture in a fold of its own. */
const folds = (count: number): Folds => ({
  count,
  of: Int32Array.from({ length: count }, (_, i) => i),
});

/** The tokens of one view of all pictures. */
function everyView(first: number, views: number): Float32Array[] {
  return MADE_UP_LEVELS.map(({ grid, channels }, level) => {
    const size = grid ** 2 * channels;
    const out = new Float32Array((MADE_UP_IMAGES / views) * size);
    for (let image = 0; image < MADE_UP_IMAGES / views; image++) {
      const start = (image * views + first) * size;
      out.set(tokens[level]!.subarray(start, start + size), image * size);
    }
    return out;
  });
}

/** A source of those. */
function sourceOf(
  values: readonly Float32Array[],
  source: FeatureSource,
  views: number,
): FeatureSource {
  return {
    count: source.count / views,
    categories: source.categories.filter((_, view) => view % views === 0),
    read: (level, images, out) => {
      const { grid, channels } = MADE_UP_LEVELS[level]!;
      const size = grid ** 2 * channels;
      for (const [slot, image] of images.entries())
        out.set(values[level]!.subarray(image * size, (image + 1) * size), slot * size);
    },
  };
}

describe('a method of fixed places', () => {
  it('has a fit for each tile, which scores that tile alone', async () => {
    const given = madeUpFit(executor, tokens, { settings: { grid: 'finest', channels: 16 } });
    const categories = given.features.categories.map((_, view) => (view < 8 ? 'bolt' : 'nut'));
    const options = {
      ...{ ...given, features: { ...given.features, categories } },
      folds: folds(12),
    };
    const together = await fitViews(padim, options, { tiles: 2, rotations: 1 });
    expect(together.tilesTogether).toBe(true);
    const scores = (await runMadeUp(executor, together, tokens))['scores0']?.data as Float32Array;
    const held = together.foldScores?.[0] as Float32Array;
    expect(scores.length).toBe(MADE_UP_IMAGES * 64);
    expect(held.length).toBe(MADE_UP_IMAGES * 64);
    for (const tile of [0, 1]) {
      const own = everyView(tile, 2);
      const alone = await padim.fit({ ...options, features: sourceOf(own, options.features, 2) });
      const expected = (await runMadeUp(executor, alone, own))['scores0']?.data as Float32Array;
      for (let image = 0; image < 12; image++) {
        const at = (image * 2 + tile) * 64;
        expect(scores.subarray(at, at + 64)).toEqual(
          expected.subarray(image * 64, image * 64 + 64),
        );
        expect(held.subarray(at, at + 64)).toEqual(
          alone.foldScores?.[0]?.subarray(image * 64, image * 64 + 64),
        );
      }
    }
  });
});

describe.each([
  ['PatchCore', patchcore, { bankShare: 1 }],
  ['retrieval', retrieval, {}],
])('%s', (_, method, settings) => {
  it('scores a picture without any of its tiles and turned pictures', async () => {
    // Four pictures of turned views, the views of each alike: whoever sees another view of a picture finds itself.
    const alike = everyView(0, 4);
    const repeated = alike.map((values, level) => {
      const { grid, channels } = MADE_UP_LEVELS[level]!;
      const size = grid ** 2 * channels;
      const out = new Float32Array(4 * values.length);
      for (let view = 0; view < MADE_UP_IMAGES; view++)
        out.set(
          values.subarray(Math.floor(view / 4) * size, (Math.floor(view / 4) + 1) * size),
          view * size,
        );
      return out;
    });
    const options = { ...madeUpFit(executor, repeated, { settings }), folds: folds(6) };
    const fitted = await fitViews(method, options, { tiles: 1, rotations: 4 });
    const own = await runMadeUp(executor, fitted, alike);
    for (const [level, held] of (fitted.foldScores ?? []).entries()) {
      const seen = own[`scores${level}`]?.data as Float32Array;
      expect(held.length).toBe(seen.length);
      const mean = (values: Float32Array) =>
        values.reduce((sum, one) => sum + one, 0) / values.length;
      expect(mean(held)).not.toBeNaN();
      expect(mean(held)).toBeGreaterThan(10 * mean(seen));
    }
    expect(fitted.foldScores?.length).toBeGreaterThan(0);
  });
});
