/** @file SimpleNet with the settings that make it CRAS, against PyTorch. */
import { readFileSync } from 'node:fs';
import { simplenet as definition, type SimpleNetPreset } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { planEmbedding } from '../patch-embedding.ts';
import { type Centers, nearestPatches } from './centers.ts';
import { guidedNoise } from './loss.ts';
import { adaptorParameters, discriminatorParameters, simpleNetParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { simpleNetTrainable, sizesOf } from './trainable.ts';

interface Fixture {
  readonly cras: Readonly<Record<'losses' | 'factors' | 'nearest' | 'scores', number[]>> & {
    readonly weights: readonly number[][];
  };
  readonly crasCounts: Readonly<Record<string, readonly [adaptor: number, discriminator: number]>>;
}

const { cras, crasCounts } = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const [CHANNELS, GRID, IMAGES] = [6, 2, 4];
const ROWS = IMAGES * GRID ** 2;
const PRESET: SimpleNetPreset = {
  ...definition.resolve('tiny', { centers: 1, guidance: 0.3, loss: 'crossEntropy', layers: 2 }),
  ...{ hidden: 5, noise: 0.3, adaptorRate: 0.01, discriminatorRate: 0.02, batchSize: IMAGES },
};
const plan = planEmbedding([{ tap: 'layer2', grid: GRID, channels: CHANNELS }], PRESET);
const sizes = sizesOf({ plan, preset: PRESET });
const specs = simpleNetParameters(sizes);
const centers: Centers = {
  ...{ count: 2, patches: GRID ** 2 },
  values: Float32Array.from(formula(2 * GRID ** 2 * CHANNELS, 50), (x) => 1.5 * x),
};
const trainable = simpleNetTrainable({
  ...{ preset: PRESET, plan, seed: 0, categories: 1, centers },
  features: { count: IMAGES, categories: [], read: () => {} },
});

/** The released discriminator says how anomalous a patch is, ours how normal. */
const signOf = (name: string) => (name === 'discriminator.tail.weight' ? -1 : 1);

function startWeights(): Float32Array {
  let salt = 0;
  return Float32Array.from(
    specs.flatMap((spec) => {
      const size = parameterSize(spec);
      if (/norm\d?\.weight$/.test(spec.name)) return Array(size).fill(1);
      if (/norm\d?\.bias$/.test(spec.name)) return Array(size).fill(0);
      return [...formula(size, salt++)].map((x) => 0.8 * x * signOf(spec.name));
    }),
  );
}

/** f32 `[R, D]`. */
function rows(salt: number, scale: number): Float32Array {
  return Float32Array.from(formula(ROWS * CHANNELS, salt), (x) => scale * x);
}

function feedsOf(step: number) {
  return {
    tokens0: float32([IMAGES, GRID ** 2, CHANNELS], rows(100 + step, 2)),
    noise: float32([ROWS, CHANNELS], rows(200 + step, 1)),
  };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, of = ''): void {
  expect(found, of).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), `${of} ${i}`).toBeLessThan(2e-4);
}

/** What a function of `[R, D]` gives, recorded and run. */
async function computed(
  f: (x: Tensor) => Tensor,
  x: Float32Array,
  count = ROWS,
): Promise<Float32Array> {
  const session = await loadProgram(await createExecutor({ threads: 1 }), {
    ...{ name: 'computed', inputs: { x: { shape: [count, CHANNELS] } } },
    body: (given) => ({ y: f(given['x'] as Tensor) }),
  });
  const { y } = await session.run({ x: float32([count, CHANNELS], x) });
  await session.release();
  return y?.data as Float32Array;
}

describe('CRAS, as PyTorch computes it', () => {
  it('takes three steps with both optimizers, and scores with the running statistics', async () => {
    const { losses, weights, buffers } = await trainedSteps(
      trainable,
      startWeights(),
      cras.losses.map((_, step) => feedsOf(step)),
    );
    expectClose(losses, cras.losses, 'loss');
    let offset = 0;
    for (const [index, spec] of specs.entries()) {
      const own = weights.subarray(offset, offset + parameterSize(spec));
      offset += own.length;
      // A normalization takes away what these add: their gradient is rounding, which Adam makes into steps.
      if (/(adaptor|hidden\d?)\.bias$/.test(spec.name)) continue;
      expectClose(
        own.map((x) => x * signOf(spec.name)),
        cras.weights[index] ?? [],
        spec.name,
      );
    }
    const program = scoresProgram(plan, { sizes, centers, weights, buffers });
    const session = await loadProgram(await createExecutor({ threads: 1 }), program);
    const { scores0 } = await session.run({ tokens0: feedsOf(9).tokens0 });
    await session.release();
    const scores = scores0?.data as Float32Array;
    // The running statistics follow the undetermined biases, which are small.
    for (const [place, score] of cras.scores.entries())
      expect(Math.abs(scores[place]! - score), String(place)).toBeLessThan(0.03);
  });

  it('has the parameters of the released networks', () => {
    for (const [channels, counts] of Object.entries(crasCounts)) {
      const own = definition.resolve('quick', {
        ...{ centers: 1, layers: 2, hidden: Math.floor((2 * Number(channels)) / 1.5) },
      });
      const patches = { ...plan, size: Number(channels) };
      const widths = sizesOf({ plan: patches, preset: own });
      expect([
        totalSize(adaptorParameters(widths)),
        totalSize(discriminatorParameters(widths)),
      ]).toEqual(counts);
    }
  });
});

describe('the centers', () => {
  it('are matched as whole images first, then patch by patch', async () => {
    const size = GRID ** 2 * CHANNELS;
    // The second center with its patches in another order: each finds itself.
    const order = [2, 0, 3, 1];
    const image = order.flatMap((patch) => [
      ...centers.values.subarray(size + patch * CHANNELS, size + (patch + 1) * CHANNELS),
    ]);
    const found = await computed((x) => nearestPatches(x, centers), Float32Array.from(image), 4);
    const best = image.map((_, i) => found[i]! - image[i]!);
    // A longer patch of another place may be as similar: none is further in cosine.
    expect(Math.max(...best.map(Math.abs))).toBeLessThan(1e-6);
  });
});

describe('guided noise', () => {
  const noise = rows(200, 0.3);
  const residuals = rows(7, 1);
  const factors = async (guidance: number, given = residuals) => {
    const found = await computed(
      (x) => guidedNoise(tensor(noise, [ROWS, CHANNELS]), x, guidance),
      given,
    );
    return Array.from(
      { length: ROWS },
      (_, row) => found[row * CHANNELS]! / noise[row * CHANNELS]!,
    );
  };

  it('is as large on average as without, and the same for all where nothing guides it', async () => {
    const guided = await factors(0.3);
    expect(guided.reduce((sum, x) => sum + x, 0) / ROWS).toBeCloseTo(1, 5);
    expect(Math.max(...guided) - Math.min(...guided)).toBeGreaterThan(0.1);
    expect(new Set(await factors(0))).toEqual(new Set([1]));
  });

  it('stays finite for a patch that is its center', async () => {
    const given = residuals.slice();
    given.fill(0, 0, CHANNELS);
    const guided = await factors(0.3, given);
    expect(guided.every(Number.isFinite)).toBe(true);
    expect(guided.reduce((sum, x) => sum + x, 0) / ROWS).toBeCloseTo(1, 4);
  });
});
