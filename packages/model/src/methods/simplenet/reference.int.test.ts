/** @file SimpleNet's training and scores against the released networks in PyTorch. */
import { readFileSync } from 'node:fs';
import { simplenet as definition, type SimpleNetPreset } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram, loadStatefulProgram } from '../../eager/index.ts';
import { parameterSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { freshState } from '../../training/fit-trainable.ts';
import {
  bufferInput,
  joinState,
  splitState,
  stateLayout,
  stateLinks,
} from '../../training/state-layout.ts';
import { rateFeeds, stepProgram } from '../../training/step-program.ts';
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
const SIZES = { channels: CHANNELS, hidden: 5 };
const PATCHES = 16;
const LEVELS = [{ tap: 'layer2', grid: 4, channels: CHANNELS }];
const PRESET: SimpleNetPreset = {
  ...definition.resolve('tiny', { noise: 0.3, adaptorRate: 0.01, discriminatorRate: 0.02 }),
  hidden: SIZES.hidden,
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
  ...{ preset: PRESET, plan, seed: 0, categories: 1 },
  features: { count: 1, categories: ['a'], read: () => {} },
});

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), String(i)).toBeLessThan(1e-4);
}

describe('SimpleNet, as PyTorch computes it', () => {
  it('takes three steps with both optimizers, and keeps the running statistics', async () => {
    const executor = await createExecutor({ threads: 1 });
    const layout = stateLayout(trainable);
    const { vectors } = freshState(trainable);
    const session = await loadStatefulProgram(
      executor,
      stepProgram(trainable),
      stateLinks(layout),
      splitState(layout, { ...vectors, weights: flat(torch.start) }),
    );
    for (const [step, { x, noise, loss }] of torch.steps.entries()) {
      const feeds = {
        tokens0: float32([1, PATCHES, CHANNELS], Float32Array.from(x)),
        noise: float32([PATCHES, CHANNELS], Float32Array.from(noise)),
        ...rateFeeds(trainable.groups, step),
      };
      const found = await session.step(feeds, ['loss']);
      expect(Number(found['loss']?.data[0])).toBeCloseTo(loss, 5);
    }
    const state = joinState(layout, await session.readState());
    await session.release();
    expectClose(determined(state['weights'] as Float32Array), determined(flat(torch.weights)));
    const mean = state[bufferInput({ name: 'mean' })] as Float32Array;
    for (const [unit, value] of torch.mean.entries())
      expect(Math.abs(mean[unit]! - value)).toBeLessThan(0.02);
    expectClose(state[bufferInput({ name: 'variance' })] as Float32Array, torch.variance);
  });

  it('scores patches with the running statistics', async () => {
    const program = scoresProgram(plan, SIZES, {
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
      ...{ preset: { ...PRESET, noise: 1e-9 }, plan, seed: 0, categories: 1 },
      features: { count: 1, categories: ['a'], read: () => {} },
    });
    const layout = stateLayout(silent);
    const session = await loadStatefulProgram(
      await createExecutor({ threads: 1 }),
      stepProgram(silent),
      stateLinks(layout),
      splitState(layout, freshState(silent).vectors),
    );
    for (let step = 0; step < 40; step++) {
      const { x, noise } = torch.steps[step % 3]!;
      const feeds = {
        tokens0: float32([1, PATCHES, CHANNELS], Float32Array.from(x)),
        noise: float32([PATCHES, CHANNELS], Float32Array.from(noise)),
        ...rateFeeds(silent.groups, step),
      };
      const found = await session.step(feeds, ['loss']);
      expect(Number(found['loss']?.data[0])).toBeGreaterThan(1 - 1e-5);
    }
    await session.release();
  });
});
