/** @file PatchCore fitted to made-up features: the exported graph against plain code, and the bytes of two fits. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, expect, it } from 'vitest';
import {
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  madeUpTokens,
  scoresOf,
} from '../made-up-fit.ts';
import { patchcore } from './patchcore.ts';

const training = madeUpTokens(MADE_UP_IMAGES, 5);
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** The embedding of one position by the definition: level 0 as it is, level 1 read between four positions. */
function embed(tokens: readonly Float32Array[], image: number, position: number): number[] {
  const [fine, coarse] = [30, 50];
  const start = (image * 64 + position) * fine;
  const own = [...tokens[0]!.subarray(start, start + fine)];
  const at = (i: number) => Math.min(3, Math.max(0, (i + 0.5) / 2 - 0.5));
  const [y, x] = [at(Math.floor(position / 8)), at(position % 8)];
  const read = (row: number, column: number, c: number) =>
    tokens[1]![(image * 16 + Math.min(row, 3) * 4 + Math.min(column, 3)) * coarse + c]!;
  const [y0, x0] = [Math.floor(y), Math.floor(x)];
  const between = Array.from({ length: coarse }, (_, c) => {
    const top = read(y0, x0, c) * (1 - x + x0) + read(y0, x0 + 1, c) * (x - x0);
    const bottom = read(y0 + 1, x0, c) * (1 - x + x0) + read(y0 + 1, x0 + 1, c) * (x - x0);
    return top * (1 - y + y0) + bottom * (y - y0);
  });
  return [...own, ...between];
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}

it('scores like plain code, alone and in a batch', async () => {
  const few = madeUpFit(executor, training);
  const fitted = await patchcore.fit({
    ...few,
    features: { ...few.features, count: 3, categories: ['bolt', 'nut', 'nut'] },
  });
  expect(fitted.map).toEqual({ grids: [8], alignCorners: false, smoothed: true });
  const { memoryBank } = fitted.config['patches'] as { memoryBank: number };
  expect(memoryBank).toBe(19); // a tenth of 192
  const seen = madeUpTokens(2, 9);
  const bank = Array.from({ length: 192 }, (_, i) => embed(training, Math.floor(i / 64), i % 64));
  const { data: scores, shape } = await scoresOf(executor, fitted, seen);
  expect(shape).toEqual([2, 64]);
  // A bank that is part of all patches: no score is below the distance to all of them.
  for (let i = 0; i < 128; i++) {
    const patch = embed(seen, Math.floor(i / 64), i % 64);
    const nearest = Math.min(...bank.map((row) => squaredDistance(row, patch)));
    expect(scores[i]!).toBeGreaterThan(nearest * (1 - 1e-4));
  }
  // What the bank holds scores zero, and it holds as many as it says.
  const own = training.map((values, l) =>
    values.slice(0, 3 * MADE_UP_LEVELS[l]!.grid ** 2 * MADE_UP_LEVELS[l]!.channels),
  );
  const { data: known } = await scoresOf(executor, fitted, own);
  const peak = Math.max(...scores);
  const held = [...known.keys()].filter((i) => known[i]! < 1e-4 * peak);
  expect(held).toHaveLength(memoryBank);
  for (let i = 0; i < 128; i++) {
    const patch = embed(seen, Math.floor(i / 64), i % 64);
    const nearest = Math.min(...held.map((row) => squaredDistance(bank[row]!, patch)));
    expect(Math.abs(scores[i]! - nearest) / peak).toBeLessThan(1e-4);
  }
  const second = seen.map((values) => values.slice(values.length / 2));
  const { data: alone } = await scoresOf(executor, fitted, second);
  for (const [i, score] of alone.entries())
    expect(Math.abs(score - scores[64 + i]!) / peak).toBeLessThan(1e-5);
});

/** Every third image of 24 in one fold; the first is in none. */
const FOLDS = {
  count: 3,
  of: Int32Array.from({ length: MADE_UP_IMAGES }, (_, i) => (i === 0 ? -1 : i % 3)),
};

it('scores every image by a bank without its fold, and fits the same model as without folds', async () => {
  // The preset keeps every patch of these few; image 5 differs from all others, 7 and 10 are equal and share a fold.
  const given = training.map((values) => values.slice());
  for (const [level, values] of given.entries()) {
    const size = MADE_UP_LEVELS[level]!.grid ** 2 * MADE_UP_LEVELS[level]!.channels;
    for (let i = 5 * size; i < 6 * size; i++) values[i]! += 4;
    values.copyWithin(10 * size, 7 * size, 8 * size);
  }
  const fitted = await patchcore.fit(madeUpFit(executor, given, { folds: FOLDS }));
  const plain = await patchcore.fit(madeUpFit(executor, given));
  expect(Buffer.from(fitted.graph).equals(Buffer.from(plain.graph))).toBe(true);
  expect(plain).not.toHaveProperty('foldScores');

  const [scores] = fitted.foldScores as [Float32Array];
  const { data: whole } = await scoresOf(executor, fitted, given);
  const bank = Array.from({ length: MADE_UP_IMAGES * 64 }, (_, i) =>
    embed(given, Math.floor(i / 64), i % 64),
  );
  const meanOf = (values: Float32Array, image: number) =>
    values.subarray(image * 64, (image + 1) * 64).reduce((sum, value) => sum + value, 0) / 64;
  expect(scores.subarray(0, 64).every(Number.isNaN)).toBe(true);
  for (const image of [1, 5, 7, 10, 23]) {
    const others = bank.filter((_, i) => FOLDS.of[Math.floor(i / 64)] !== FOLDS.of[image]);
    for (const position of [0, 31, 63]) {
      const patch = bank[image * 64 + position]!;
      const nearest = Math.min(...others.map((row) => squaredDistance(row, patch)));
      expect(scores[image * 64 + position]!).toBeGreaterThan(nearest * (1 - 1e-3));
    }
  }
  const usual = [1, 2, 3, 7, 10, 23].map((image) => meanOf(scores, image));
  expect(Math.max(...usual)).toBeLessThan(2 * Math.min(...usual));
  expect(meanOf(scores, 5)).toBeGreaterThan(5 * Math.max(...usual));
  expect(meanOf(whole, 5)).toBeLessThan(0.5 * meanOf(scores, 5));
});

it('a bank without a fold covers what is left as well as one chosen from it alone', async () => {
  const { data: alone } = await scoresOf(
    executor,
    await patchcore.fit(withoutFold(1)),
    tokensOf([1, 4, 7]),
  );
  const { foldScores } = await patchcore.fit(madeUpFit(executor, training, { folds: FOLDS }));
  const [scores] = foldScores as [Float32Array];
  const own = [1, 4, 7].flatMap((image) => [...scores.subarray(image * 64, (image + 1) * 64)]);
  const mean = (values: Iterable<number>) => {
    const all = [...values];
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  expect(mean(own) / mean(alone)).toBeGreaterThan(0.9);
  expect(mean(own) / mean(alone)).toBeLessThan(1.1);
});

/** A fit to the images outside a fold. */
function withoutFold(fold: number) {
  const images = [...FOLDS.of.keys()].filter((image) => FOLDS.of[image] !== fold);
  const { features, ...rest } = madeUpFit(executor, tokensOf(images));
  const categories = images.map((image) => features.categories[image] as string);
  return { ...rest, features: { ...features, count: images.length, categories } };
}

function tokensOf(images: readonly number[]): Float32Array[] {
  return training.map((values, level) => {
    const size = MADE_UP_LEVELS[level]!.grid ** 2 * MADE_UP_LEVELS[level]!.channels;
    const own = new Float32Array(images.length * size);
    for (const [slot, image] of images.entries())
      own.set(values.subarray(image * size, (image + 1) * size), slot * size);
    return own;
  });
}

it('says what it kept of what it saw', async () => {
  const fitted = await patchcore.fit(madeUpFit(executor, training));
  expect(fitted.config['patches']).toMatchObject({
    seen: 24 * 64,
    reservoirs: { bolt: { seen: 8 * 64, kept: 512 }, nut: { seen: 16 * 64, kept: 1000 } },
    memoryBank: 154,
  });
  expect(fitted.notes?.[0]).toContain('kept 1512');
  expect(fitted.notes).toHaveLength(1);
  expect(fitted.coverage).toEqual([
    { part: 'patches of the images', images: 24, seen: 24, passes: 1 },
  ]);
});

it('names the difference where the bank is smaller than the released one', async () => {
  const { notes } = await patchcore.fit(
    madeUpFit(executor, training, { settings: { bankMax: 77 } }),
  );
  expect(notes?.[1]).toBe(
    'The released code would choose 154 patches (10 %) from all of them, for each category in a bank of its own; this is one bank of 5.0 %.',
  );
});

it('unfolds neighborhoods with the preset paper', async () => {
  const fitted = await patchcore.fit(madeUpFit(executor, training, { preset: 'paper' }));
  expect(fitted.config['channels']).toBe(30 * 9 + 50 * 9);
  const { data } = await scoresOf(executor, fitted, madeUpTokens(2, 9));
  expect(data.every((score) => score > 0)).toBe(true);
});

it('scores by the mean distance to the nearest few, in one piece of the bank and over several', async () => {
  const fitWith = (settings: Record<string, unknown>) =>
    patchcore.fit(madeUpFit(executor, training, { settings: { bankMax: 4, ...settings } }));
  const scores = async (neighbors: number) =>
    (await scoresOf(executor, await fitWith({ neighbors }), madeUpTokens(2, 9))).data;
  const [one, two, all, more] = [
    await scores(1),
    await scores(2),
    await scores(4),
    await scores(9),
  ];
  expect([...more]).toEqual([...all]);
  expect(two.every((score, i) => score > one[i]!)).toBe(true);
  expect(all.every((score, i) => score > two[i]!)).toBe(true);
  expect((await fitWith({ neighbors: 3 })).config['score']).toContain('3 nearest patches');
});

it.each([
  [{ bankMax: 7 }, { patches: { memoryBank: 7 } }],
  [{ bankShare: 0.01 }, { patches: { memoryBank: 15 } }],
  [{ reservoir: 100 }, { patches: { reservoirs: { bolt: { kept: 100 }, nut: { kept: 100 } } } }],
  [{ levelChannels: 10 }, { channels: 20, levels: [{ pooled: 10 }, { pooled: 10 }] }],
  [{ channels: 12 }, { channels: 12, levels: [{ pooled: 30 }, { pooled: 50 }] }],
  [
    { neighborhood: 'unfold', levelChannels: 64 },
    { channels: 128, levels: [{ pooled: 64 }, {}] },
  ],
])('acts as set: %j', async (settings, config) => {
  const fitted = await patchcore.fit(madeUpFit(executor, training, { settings }));
  expect(fitted.config).toMatchObject({ ...config, preset: settings });
  const { shape, data } = await scoresOf(executor, fitted, madeUpTokens(2, 9));
  expect(shape).toEqual([2, 64]);
  expect(data.every((score) => score > 0)).toBe(true);
});

it('gives the same bytes for the same seed and others for another', async () => {
  const bytes = async (seed: number) => {
    const fitted = await patchcore.fit(madeUpFit(executor, training, { seed }));
    return Buffer.from(fitted.graph).toString('base64');
  };
  const first = await bytes(3);
  expect(await bytes(3)).toBe(first);
  expect(await bytes(4)).not.toBe(first);
});

it('stops when it is cancelled, in the bank and the folds too', async () => {
  for (const part of [
    'patches of the images',
    'memory bank',
    'scores of images without themselves',
  ]) {
    const abort = new AbortController();
    const fit = patchcore.fit(
      madeUpFit(executor, training, {
        signal: abort.signal,
        folds: FOLDS,
        onProgress: (progress) => {
          if (progress.part === part) abort.abort(new Error('cancelled'));
        },
      }),
    );
    await expect(fit).rejects.toThrow('cancelled');
  }
});

it('refuses beforehand what would not fit into memory', async () => {
  const fit = patchcore.fit(madeUpFit(executor, training, { memoryBytes: 1e6 }));
  await expect(fit).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'preset' });
});
