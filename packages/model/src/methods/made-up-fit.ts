/** @file For tests of methods: features of two levels from a seed, the options of a fit to them, scores of what it gives. */
import type { Executor, TensorMap } from '@plumbline/contracts';
import { RandomStream } from '../nn/random.ts';
import { float32 } from '../onnx/index.ts';
import { NO_CHECKPOINTS } from '../training/fit-state.ts';
import type { FeatureLevel, FeatureSource, FitOptions, FittedMethod } from './method.ts';

export const MADE_UP_LEVELS: readonly FeatureLevel[] = [
  { tap: 'layer2', grid: 8, channels: 30 },
  { tap: 'layer3', grid: 4, channels: 50 },
];
export const MADE_UP_IMAGES = 24;

/** For each level f32 `[count, grid², channels]`: correlated channels that depend on the position. */
export function madeUpTokens(count: number, seed: number): Float32Array[] {
  return MADE_UP_LEVELS.map(({ tap, grid, channels }) => {
    const values = new Float32Array(count * grid ** 2 * channels);
    RandomStream.from(seed, tap).fillNormal(values);
    for (let i = 1; i < values.length; i++)
      values[i] = 0.6 * values[i]! + 0.4 * values[i - 1]! + (i % (grid ** 2 * channels)) / 500;
    return values;
  });
}

/** A fit to `MADE_UP_IMAGES` images of two categories. */
export function madeUpFit(
  executor: Executor,
  training: readonly Float32Array[],
  extra: Omit<Partial<FitOptions>, 'features'> = {},
): FitOptions & { readonly features: FeatureSource } {
  return {
    preset: 'tiny',
    seed: 3,
    levels: MADE_UP_LEVELS,
    categories: 2,
    features: {
      count: MADE_UP_IMAGES,
      categories: Array.from({ length: MADE_UP_IMAGES }, (_, i) => (i % 3 === 0 ? 'bolt' : 'nut')),
      read: (level, images, out) => {
        const { grid, channels } = MADE_UP_LEVELS[level] as FeatureLevel;
        const size = grid ** 2 * channels;
        for (const [slot, image] of images.entries())
          out.set(training[level]!.subarray(image * size, (image + 1) * size), slot * size);
      },
    },
    executor,
    checkpoints: NO_CHECKPOINTS,
    onProgress: () => {},
    ...extra,
  };
}

const HELD_OUT_IMAGES = 8;
/** Features of images that no fit sees. */
export const heldOutTokens = (): Float32Array[] => madeUpTokens(HELD_OUT_IMAGES, 6);

export function heldOutImages(executor: Executor): FeatureSource {
  const { features } = madeUpFit(executor, heldOutTokens());
  const categories = features.categories.slice(0, HELD_OUT_IMAGES);
  return { ...features, count: HELD_OUT_IMAGES, categories };
}

/** A fit with held-out images. @param usual Of all fits of a method; `extra` and its settings come before them. */
export function heldOutFit(
  executor: Executor,
  usual: Omit<Partial<FitOptions>, 'features'>,
  extra: Omit<Partial<FitOptions>, 'features'> = {},
): FitOptions {
  return madeUpFit(executor, madeUpTokens(MADE_UP_IMAGES, 5), {
    heldOut: heldOutImages(executor),
    ...usual,
    ...extra,
    settings: { ...usual.settings, ...extra.settings },
  });
}

/** Held-out images that are distorted from the second look at the first of them on, so that no later state is better. */
export function oddAtSecondLook(source: FeatureSource): FeatureSource {
  let looks = 0;
  return {
    ...source,
    read: (level, images, out) => {
      source.read(level, images, out);
      if (level === 0 && images[0] === 0) looks++;
      if (looks > 1)
        for (const [i, value] of out.entries()) out[i] = i % 2 === 0 ? 9 * value : -value;
    },
  };
}

/** Runs the fitted graph. @returns `scores0`, f32 `[batch, P]`. */
export async function scoresOf(
  executor: Executor,
  fitted: FittedMethod,
  tokens: readonly Float32Array[],
): Promise<{ readonly shape: readonly number[]; readonly data: Float32Array }> {
  const { scores0 } = await runMadeUp(executor, fitted, tokens);
  return { shape: scores0?.shape ?? [], data: scores0?.data as Float32Array };
}

/** Runs the fitted graph. @returns All its outputs, `scores0…` f32 `[batch, P]`. */
export async function runMadeUp(
  executor: Executor,
  fitted: FittedMethod,
  tokens: readonly Float32Array[],
): Promise<TensorMap> {
  const session = await executor.load(fitted.graph);
  const feeds = MADE_UP_LEVELS.map(({ grid, channels }, level) => {
    const values = tokens[level] as Float32Array;
    const shape = [values.length / (grid ** 2 * channels), grid ** 2, channels];
    return [`tokens${level}`, float32(shape, values)];
  });
  const result = await session.run(Object.fromEntries(feeds));
  await session.release();
  return result;
}
