/** @file What retrieval stores: float16, bounded, and of every kind of image. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { DATA_TYPE, decodeModelProto } from '../../onnx/index.ts';
import { keptFeatures } from '../feature-batches.ts';
import {
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  madeUpTokens,
  runMadeUp,
} from '../made-up-fit.ts';
import type { FitOptions, FittedMethod } from '../method.ts';
import { retrieval } from './retrieval.ts';

const ALL = { images: 1000, window: null };
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function fitTo(settings: object, extra: Partial<FitOptions> = {}) {
  const training = madeUpTokens(MADE_UP_IMAGES, 5);
  return retrieval.fit(
    madeUpFit(executor, training, { ...extra, settings: { localScale: 0, ...settings } }),
  );
}

describe('the bank', () => {
  it('is float16 in the file, and of no other size than it says', async () => {
    const fitted = await fitTo(ALL);
    const halves = decodeModelProto(fitted.graph).graph.initializer.filter(
      (tensor) => tensor.data_type === DATA_TYPE.float16,
    );
    expect(halves.map(({ dims }) => dims.map(Number).join()).sort()).toEqual([
      '24,32,64',
      '24,52,16',
    ]);
    expect(fitted.config['images']).toEqual({ seen: 24, kept: 24, compared: 24 });
    const scaled = await fitTo({ ...ALL, localScale: 0.7 });
    const shapes = decodeModelProto(scaled.graph)
      .graph.initializer.filter((tensor) => tensor.data_type === DATA_TYPE.float16)
      .map(({ dims }) => dims.map(Number).join());
    expect(shapes.sort()).toEqual(['24,33,64', '24,53,16']);
  });

  it('keeps images of every cluster where it has not room for all', async () => {
    const fitted = await fitTo({ ...ALL, bankMb: 1 }, manyImages());
    const { kept, seen: total } = fitted.config['images'] as { kept: number; seen: number };
    expect(total).toBe(400);
    expect(kept).toBeLessThan(400);
    const { result } = await scoreMany(fitted);
    // The one image of the rare cluster is among those kept: its score is 0.
    expect(Math.max(...result)).toBeLessThan(1e-3);
  });

  it('is refused where it would not fit into memory, with what to lower', () => {
    const planned = {
      preset: 'quick',
      levels: MADE_UP_LEVELS,
      images: 5000,
      categories: 3,
    } as const;
    expect(() => retrieval.assertMemory({ ...planned, memoryBytes: 1e8 })).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('bankMb') }),
    );
    expect(() =>
      retrieval.assertMemory({ ...planned, settings: { bankMb: 1 }, memoryBytes: 1e8 }),
    ).not.toThrow();
  });
});

/** 399 images alike and one of another kind, the last. */
const RARE = 399;
function manyImages(): Partial<FitOptions> {
  return {
    features: {
      count: 400,
      categories: Array.from({ length: 400 }, () => ''),
      read: (level, images, out) => {
        const { grid, channels } = MADE_UP_LEVELS[level]!;
        const size = grid ** 2 * channels;
        for (const [slot, image] of images.entries())
          for (let i = 0; i < size; i++)
            out[slot * size + i] =
              (image === RARE ? Math.cos(i * 1.3) : 2 + Math.sin(i * 0.7)) +
              0.05 * Math.sin(image * 31 + i);
      },
    },
  };
}

async function scoreMany(fitted: FittedMethod) {
  const { features } = manyImages() as Pick<FitOptions, 'features'>;
  const tokens = MADE_UP_LEVELS.map(({ grid, channels }, level) => {
    const values = new Float32Array(grid ** 2 * channels);
    keptFeatures(features).read(level, Int32Array.of(RARE), values);
    return values;
  });
  const { scores0 } = await runMadeUp(executor, fitted, tokens);
  return { result: scores0?.data as Float32Array };
}
