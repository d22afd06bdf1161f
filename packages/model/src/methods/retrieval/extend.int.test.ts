/** @file Images added to a fit: the same as a fit to all of them, and not by computing it again. */
import type { Executor, GivenSettings } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { DATA_TYPE, decodeModelProto } from '../../onnx/index.ts';
import {
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  madeUpTokens,
  runMadeUp,
} from '../made-up-fit.ts';
import type { FeatureSource, FittedMethod, Folds } from '../method.ts';
import { retrieval } from './retrieval.ts';

const BEFORE = 21; // Not a multiple of what is read at once.
let executor: Executor;
/** As a cache keeps them: halves. */
const tokens = madeUpTokens(MADE_UP_IMAGES, 5).map((values) =>
  values.map((value) => Math.round(value * 128) / 128),
);
// Of the images added later one shows what an earlier one does, and of the earlier ones two show the same.
for (const values of tokens) {
  const size = values.length / MADE_UP_IMAGES;
  for (const [from, to] of [
    [5, 22],
    [8, 9],
  ] as const) {
    values.copyWithin(to * size, from * size, (from + 1) * size);
    for (let i = to * size; i < (to + 1) * size; i += 7) values[i]! += 1 / 64;
  }
}
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** Of the images from `first` on. Reading is counted. */
function sourceOf(first: number, count: number): FeatureSource & { reads: number } {
  const all = madeUpFit(executor, tokens).features;
  return {
    count,
    categories: all.categories.slice(first, first + count),
    reads: 0,
    read(level, images, out) {
      this.reads += images.length;
      all.read(
        level,
        images.map((image) => image + first),
        out,
      );
    },
  };
}

function foldsOf(count: number, without: readonly number[] = [2]): Folds {
  return {
    count: 4,
    of: Int32Array.from({ length: count }, (_, i) => (without.includes(i) ? -1 : i % 4)),
  };
}

function fitTo(count: number, given: GivenSettings): Promise<FittedMethod> {
  const settings = { localScale: 0, ...given };
  const source = sourceOf(0, count);
  const options = madeUpFit(executor, tokens, { settings, folds: foldsOf(count) });
  return retrieval.fit({ ...options, features: source });
}

async function extend(
  parent: FittedMethod,
  given: GivenSettings,
  features: FeatureSource = sourceOf(BEFORE, 3),
  folds = foldsOf(MADE_UP_IMAGES, []),
) {
  const settings = { localScale: 0, ...given };
  const { folds: _, ...options } = madeUpFit(executor, tokens, { settings });
  if (retrieval.extend === undefined || parent.state === undefined) throw new Error('No state');
  return retrieval.extend({
    ...options,
    ...{ features, folds },
    parent: { model: parent.graph, state: parent.state },
  });
}

describe.each([
  { images: 3 },
  { images: 3, closeShare: 1 },
  { images: 3, window: 1 },
  { images: 1000 },
])('%o', (given) => {
  const settings = { localScale: 0, ...given };
  it('gives the bytes of a fit to all images, and their scores without themselves', async () => {
    const source = sourceOf(BEFORE, 3);
    const grown = await extend(await fitTo(BEFORE, settings), settings, source);
    const all = madeUpFit(executor, tokens, {
      settings,
      folds: foldsOf(MADE_UP_IMAGES, []),
    });
    const whole = await retrieval.fit(all);
    expect(Buffer.from(grown.graph).equals(Buffer.from(whole.graph))).toBe(true);
    for (const [level, scores] of (whole.foldScores ?? []).entries())
      expect(grown.foldScores?.[level]).toEqual(scores);
    // Descriptors, patches, scores: once each, for both levels, and no earlier image; the copy once more.
    expect(source.reads).toBe((3 * 3 + 1) * MADE_UP_LEVELS.length);
  });
});

it('can be gone on with again', async () => {
  const settings = { images: 3 };
  const first = await extend(
    await fitTo(10, settings),
    settings,
    sourceOf(10, BEFORE - 10),
    foldsOf(BEFORE),
  );
  const once = await extend(await fitTo(BEFORE, settings), settings);
  const twice = await extend(first, settings);
  expect(Buffer.from(twice.graph).equals(Buffer.from(once.graph))).toBe(true);
  expect(twice.foldScores).toEqual(once.foldScores);
});

it.each([{ distance: 'cosine' }, { channels: 12 }])(
  'with %o the scores of earlier images are of their patches as stored',
  async (given) => {
    const settings = { images: 3, localScale: 0, closeShare: 1, ...given };
    const grown = await extend(await fitTo(BEFORE, settings), settings);
    const all = madeUpFit(executor, tokens, { settings, folds: foldsOf(MADE_UP_IMAGES, []) });
    const whole = await retrieval.fit(all);
    for (const [level, scores] of (whole.foldScores ?? []).entries()) {
      const peak = Math.max(...scores);
      const off = scores.map((score, i) => Math.abs(score - grown.foldScores![level]![i]!) / peak);
      expect(Math.max(...off)).toBeLessThan('channels' in given ? 0.25 : 2e-3);
    }
    const seen = tokens.map((values) => values.slice((-3 * values.length) / MADE_UP_IMAGES));
    const known = (await runMadeUp(executor, grown, seen))['scores0']?.data as Float32Array;
    expect(Math.max(...known) / Math.max(...(grown.foldScores?.[0] ?? []))).toBeLessThan(2e-3);
    if ('distance' in given)
      expect(Buffer.from(grown.graph).equals(Buffer.from(whole.graph))).toBe(true);
  },
);

it('with local scales earlier patches stay as they are stored, and added images get theirs', async () => {
  const settings = { images: 3, localScale: 0.7, closeShare: 1 };
  const parent = await fitTo(BEFORE, settings);
  const source = sourceOf(BEFORE, 3);
  const grown = await extend(parent, settings, source);
  const all = madeUpFit(executor, tokens, { settings, folds: foldsOf(MADE_UP_IMAGES, []) });
  const whole = await retrieval.fit(all);
  const tablesOf = ({ graph }: FittedMethod) =>
    decodeModelProto(graph)
      .graph.initializer.filter(({ dims }) => dims.length === 3)
      .filter(({ data_type }) => data_type === DATA_TYPE.float16)
      .map(({ dims, raw_data = new Uint8Array() }) => ({ dims: dims.map(Number), raw_data }));
  const [before, after] = [tablesOf(parent), tablesOf(grown)];
  expect(before).toHaveLength(MADE_UP_LEVELS.length);
  expect(after.map(({ dims }) => dims)).toEqual(tablesOf(whole).map(({ dims }) => dims));
  for (const [level, { raw_data }] of before.entries())
    expect(after[level]?.raw_data.slice(0, raw_data.length)).toEqual(raw_data);
  for (const [level, scores] of (whole.foldScores ?? []).entries()) {
    const ratios = scores.map((score, i) => grown.foldScores![level]![i]! / score);
    expect(Math.min(...ratios)).toBeGreaterThan(0.7);
    expect(Math.max(...ratios)).toBeLessThan(1.4);
  }
  expect(source.reads).toBeLessThan(5 * 3 * MADE_UP_LEVELS.length);
  const seen = tokens.map((values) => values.slice((-3 * values.length) / MADE_UP_IMAGES));
  const known = (await runMadeUp(executor, grown, seen))['scores0']?.data as Float32Array;
  expect(Math.max(...known)).toBeLessThan(1e-3);
});

it('is refused where the bank has no room', async () => {
  const settings = { images: 3, bankMb: 1 };
  const parent = await fitTo(BEFORE, settings);
  const many: FeatureSource = { ...sourceOf(0, 1), count: 400 };
  await expect(extend(parent, settings, many)).rejects.toMatchObject({
    code: 'CONFLICT',
    fix: expect.stringContaining('bankMb'),
  });
});

describe('fewer channels', () => {
  it('compare the components of largest variance', async () => {
    const settings = { images: 1000 };
    const [whole, most, few] = await Promise.all([
      fitTo(BEFORE, settings),
      fitTo(BEFORE, { ...settings, channels: 29 }),
      fitTo(BEFORE, { ...settings, channels: 4 }),
    ]);
    expect(few.graph.length).toBeLessThan(0.5 * whole.graph.length);
    const seen = madeUpTokens(2, 9);
    const scores = async (fitted: FittedMethod) =>
      (await runMadeUp(executor, fitted, seen))['scores0']?.data as Float32Array;
    const mean = (values: Float32Array) => values.reduce((a, b) => a + b) / values.length;
    const [all, nearly, some] = [await scores(whole), await scores(most), await scores(few)];
    // Less is left to differ in: never more than with all, by little where little was left out.
    expect(mean(nearly) / mean(all)).toBeGreaterThan(0.9);
    expect(mean(nearly) / mean(all)).toBeLessThanOrEqual(1.001);
    expect(mean(some) / mean(all)).toBeLessThan(0.6);
  });
});
