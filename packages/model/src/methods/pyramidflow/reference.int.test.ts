/** @file PyramidFlow's training and map against PyTorch, with a small flow; the published number of parameters. */
import { readFileSync } from 'node:fs';
import {
  pyramidflow as definition,
  pyramidBlocks,
  pyramidSize,
  pyramidWork,
} from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import type { FeatureSource } from '../method.ts';
import type { Factors } from './mixing.ts';
import { type PyramidFlow, pyramidFlow, pyramidParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { meanLatents } from './template.ts';
import { pyramidTrainable } from './trainable.ts';

interface Case {
  readonly losses: readonly number[];
  readonly weightSums: readonly number[];
  readonly means: readonly number[];
  readonly map: readonly number[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Readonly<Record<'channels' | 'places', Case>> & { readonly parameters: number };

const [CHANNELS, GRID, BATCH] = [4, 16, 3];
const SHAPE = { grid: GRID, channels: CHANNELS, pyramidLevels: 3, stacks: 1, kernel: 3 };
const PUBLISHED = { grid: 256, channels: 64, pyramidLevels: 4, stacks: 4, kernel: 7 };

/** What stays, as the fixtures have it. */
const FACTORS: Factors = {
  permutation: Float32Array.from({ length: CHANNELS ** 2 }, (_, i) =>
    i % CHANNELS === (Math.floor(i / CHANNELS) + 1) % CHANNELS ? 1 : 0,
  ),
  signs: Float32Array.of(1, -1, 1, -1),
  lower: new Float32Array(CHANNELS ** 2),
  upper: new Float32Array(CHANNELS ** 2),
  logScales: new Float32Array(CHANNELS),
};

const tokensOf = (step: number) =>
  Float32Array.from(formula(BATCH * GRID ** 2 * CHANNELS, 100 + step), (x) => Math.max(0, x));

/** The images of step 0. */
const images: FeatureSource = {
  count: BATCH,
  categories: [],
  read: (_, indices, out) => {
    const size = GRID ** 2 * CHANNELS;
    for (const [slot, index] of indices.entries())
      out.set(tokensOf(0).subarray(index * size, (index + 1) * size), slot * size);
  },
};

const feedsOf = (step: number) => ({
  tokens0: float32([BATCH, GRID ** 2, CHANNELS], tokensOf(step)),
});

describe.each(['channels', 'places'] as const)(
  'PyramidFlow, normalized over %s, as PyTorch computes it',
  (normalizes) => {
    const expected = torch[normalizes];
    const flow: PyramidFlow = {
      ...{ ...SHAPE, normalizes },
      factors: pyramidBlocks(SHAPE).map(() => FACTORS),
    };
    const specs = pyramidParameters(flow);
    const start = Float32Array.from(
      specs.flatMap((spec, index) =>
        Array.from(formula(parameterSize(spec), index), (x) => x * 0.2),
      ),
    );

    it('takes three steps with Adam, moves the running means, and gives the map', async () => {
      const preset = definition.resolve('paper', {
        ...{ pyramidLevels: 3, stacks: 1, kernel: 3, normalizes, batchSize: BATCH },
        learningRate: 1e-2,
      });
      const trainable = pyramidTrainable({
        ...{ preset, flow, seed: 0, categories: 1, features: images },
      });
      const feeds = expected.losses.map((_, step) => feedsOf(step));
      const found = await trainedSteps(trainable, start, feeds);
      for (const [step, loss] of expected.losses.entries())
        expect(found.losses[step]! / loss).toBeCloseTo(1, 4);
      let offset = 0;
      for (const [index, spec] of specs.entries()) {
        const part = found.weights.subarray(offset, offset + parameterSize(spec));
        offset += part.length;
        const sum = part.reduce((total, x) => total + Math.abs(x), 0);
        expect(sum / expected.weightSums[index]!, spec.name).toBeCloseTo(1, 4);
      }
      for (const [index, { name }] of pyramidBlocks(flow).entries()) {
        const sum = found.buffers[`${name}.mean`]?.reduce((total, x) => total + x, 0);
        expect(sum).toBeCloseTo(expected.means[index]!, 4);
      }
      const executor = await createExecutor({ threads: 1 });
      const template = await meanLatents(executor, flow, found, images);
      const session = await loadProgram(executor, scoresProgram(flow, found, template));
      const { scores0 } = await session.run(feedsOf(9));
      await session.release();
      expect(scores0?.shape).toEqual([BATCH, GRID ** 2]);
      for (const [place, value] of expected.map.entries())
        expect(Number(scores0?.data[place]), String(place)).toBeCloseTo(value, 3);
    });
  },
);

describe('PyramidFlow as published', () => {
  it('has 22,610,944 parameters, and takes 467·10⁹ multiplications for an image of 1024 px', () => {
    expect(pyramidSize(PUBLISHED)).toBe(torch.parameters);
    expect(pyramidSize(PUBLISHED)).toBe(22_610_944);
    expect(pyramidWork(PUBLISHED) / 1e9).toBeCloseTo(467, -0.5);
    const small = { ...PUBLISHED, grid: 16, kernel: 3 };
    const specs = pyramidParameters(pyramidFlow(small, { normalizes: 'channels' }, 0));
    expect(totalSize(specs)).toBe(pyramidSize(small));
  });
});
