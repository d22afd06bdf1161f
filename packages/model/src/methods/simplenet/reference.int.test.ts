/** @file SimpleNet's training and scores against the released networks in PyTorch. */
import { readFileSync } from 'node:fs';
import {
  simplenet as definition,
  type SimpleNetPreset,
  type TensorMap,
} from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { freshState } from '../../training/fit-trainable.ts';
import { trainedSteps } from '../few-steps.ts';
import { planEmbedding } from '../patch-embedding.ts';
import { simpleNetParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { simpleNetTrainable } from './trainable.ts';

interface Fixture {
  readonly start: Readonly<Record<string, number[]>>;
  readonly steps: readonly {
    readonly x: number[];
    readonly noise: number[];
    readonly loss: number;
  }[];
  readonly weights: Readonly<Record<string, number[]>>;
  readonly mean: number[];
  readonly variance: number[];
  readonly scores: number[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const CHANNELS = 6;
const SIZES = { channels: CHANNELS, widths: [CHANNELS, 5] };
const PATCHES = 16;
const LEVELS = [{ tap: 'layer2', grid: 4, channels: CHANNELS }];
const PRESET: SimpleNetPreset = {
  ...definition.resolve('tiny', { noise: 0.3, adaptorRate: 0.01, discriminatorRate: 0.02 }),
  hidden: 5,
};
const plan = planEmbedding(LEVELS, PRESET);

/** All parameters, in the order of the flat vector. */
function flat(named: Readonly<Record<string, number[]>>): Float32Array {
  return Float32Array.from(simpleNetParameters(SIZES).flatMap(({ name }) => named[name] ?? []));
}

/**
 * Without the biases before the normalization, which takes away what they add: their gradient is rounding, which Adam
 * makes into steps. The running mean follows them.
 */
function determined(weights: Float32Array): number[] {
  let offset = 0;
  return simpleNetParameters(SIZES).flatMap((spec) => {
    const own = weights.subarray(offset, offset + parameterSize(spec));
    offset += own.length;
    return /^(adaptor|discriminator\.hidden)\.bias$/.test(spec.name) ? [] : [...own];
  });
}

const trainable = simpleNetTrainable({
  ...{ preset: PRESET, plan, seed: 0, categories: 1, centers: null },
  features: { count: 1, categories: ['a'], read: () => {} },
});

function feedsOf(x: number[], noise: number[]): TensorMap {
  return {
    tokens0: float32([1, PATCHES, CHANNELS], Float32Array.from(x)),
    noise: float32([PATCHES, CHANNELS], Float32Array.from(noise)),
  };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), String(i)).toBeLessThan(1e-4);
}

describe('SimpleNet, as PyTorch computes it', () => {
  it('takes three steps with both optimizers, and keeps the running statistics', async () => {
    const feeds = torch.steps.map(({ x, noise }) => feedsOf(x, noise));
    const { losses, weights, buffers } = await trainedSteps(trainable, flat(torch.start), feeds);
    for (const [step, { loss }] of torch.steps.entries()) expect(losses[step]).toBeCloseTo(loss, 5);
    expectClose(determined(weights), determined(flat(torch.weights)));
    for (const [unit, value] of torch.mean.entries())
      expect(Math.abs(buffers['mean']![unit]! - value)).toBeLessThan(0.02);
    expectClose(buffers['variance']!, torch.variance);
  });

  it('scores patches with the running statistics', async () => {
    const program = scoresProgram(plan, {
      ...{ sizes: SIZES, centers: null },
      weights: flat(torch.weights),
      buffers: {
        mean: Float32Array.from(torch.mean),
        variance: Float32Array.from(torch.variance),
      },
    });
    const session = await loadProgram(await createExecutor({ threads: 1 }), program);
    const x = Float32Array.from(torch.steps[0]?.x ?? []);
    const { scores0 } = await session.run({ tokens0: float32([1, PATCHES, CHANNELS], x) });
    await session.release();
    expect(scores0?.shape).toEqual([1, PATCHES]);
    const softplus = (value: number) => Math.log1p(Math.exp(value));
    expectClose(scores0?.data as Float32Array, torch.scores.map(softplus));
  });

  it('can’t lower the loss below 1 without noise', async () => {
    const silent = simpleNetTrainable({
      ...{ preset: { ...PRESET, noise: 1e-9 }, plan, seed: 0, categories: 1, centers: null },
      features: { count: 1, categories: ['a'], read: () => {} },
    });
    const feeds = Array.from({ length: 40 }, (_, step) => {
      const { x, noise } = torch.steps[step % 3]!;
      return feedsOf(x, noise);
    });
    const { losses } = await trainedSteps(silent, freshState(silent).vectors['weights']!, feeds);
    expect(Math.min(...losses)).toBeGreaterThan(1 - 1e-5);
  });
});
