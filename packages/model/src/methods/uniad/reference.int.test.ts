/** @file UniAD's training and scores against the released network in PyTorch, and the same of its ADTR-like form. */
import { readFileSync } from 'node:fs';
import { uniad as definition, type UniadNetwork } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram, loadStatefulProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { freshState } from '../../training/fit-trainable.ts';
import { joinState, splitState, stateLayout, stateLinks } from '../../training/state-layout.ts';
import { rateFeeds, stepProgram } from '../../training/step-program.ts';
import type { Neck } from './neck.ts';
import { uniadParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { uniadTrainable } from './trainable.ts';

interface Fixture {
  readonly losses: number[];
  readonly weights: number[];
  readonly scores: number[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Record<'uniad' | 'adtr', Fixture>;

const IMAGES = 2;
const SHAPE = [IMAGES, 16, 3];
const SIZE = 2 * 16 * 3;

/** As in make-fixtures.py. */
function madeUp(count: number, phase: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(0.7 * i + phase));
}

/** A window of 3×3 patches with UniAD's queries, none with ADTR's. */
function neckOf(queries: UniadNetwork['queries']): Neck {
  const network: UniadNetwork = {
    ...{ grid: 4, channels: 3, width: 4, heads: 2, hidden: 5, layers: 2, queries },
    neighborMask: queries === 'layers' ? 3 : 0,
  };
  return { network, levels: [{ tap: 'a', grid: 4, channels: 3 }], whitenings: [null] };
}

function startOf(network: UniadNetwork): Float32Array {
  return madeUp(totalSize(uniadParameters(network)), 0.3).map((value) => value / 2);
}

/** All but biases of keys, which softmax takes away: their gradient is rounding, which Adam makes into steps. */
function determined(network: UniadNetwork, weights: ArrayLike<number>): number[] {
  let offset = 0;
  return uniadParameters(network).flatMap((spec) => {
    const own = Array.from({ length: parameterSize(spec) }, (_, i) => weights[offset + i] ?? 0);
    offset += own.length;
    const third = own.length / 3;
    return spec.name.endsWith('in_proj_bias')
      ? [...own.slice(0, third), ...own.slice(2 * third)]
      : own;
  });
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), String(i)).toBeLessThan(1e-4);
}

describe.each([
  ['uniad', 'layers'],
  ['adtr', 'input'],
] as const)('%s, as PyTorch computes it', (name, queries) => {
  const neck = neckOf(queries);
  const expected = torch[name];

  it('takes three clipped steps on jittered tokens', async () => {
    const preset = definition.resolve('paper', { jitterScale: 4, dropout: 0, batchSize: IMAGES });
    const trainable = uniadTrainable({
      preset: { ...preset, learningRate: 0.01 },
      ...{ neck, seed: 0, categories: 1 },
      features: { count: IMAGES, categories: ['a', 'a'], read: () => {} },
    });
    const layout = stateLayout(trainable);
    const { vectors } = freshState(trainable);
    const session = await loadStatefulProgram(
      await createExecutor({ threads: 1 }),
      stepProgram(trainable),
      stateLinks(layout),
      splitState(layout, { ...vectors, weights: startOf(neck.network) }),
    );
    for (const [step, loss] of expected.losses.entries()) {
      const feeds = {
        tokens0: float32(SHAPE, madeUp(SIZE, 1 + step)),
        noise: float32(SHAPE, madeUp(SIZE, 10 + 3 * step)),
        ...rateFeeds(trainable.groups, step),
      };
      const found = await session.step(feeds, ['loss']);
      expect(Number(found['loss']?.data[0])).toBeCloseTo(loss, 5);
    }
    const state = joinState(layout, await session.readState());
    await session.release();
    const weights = state['weights'] as Float32Array;
    expectClose(determined(neck.network, weights), determined(neck.network, expected.weights));
  });

  it('scores clean tokens', async () => {
    const program = scoresProgram(neck, Float32Array.from(expected.weights));
    const session = await loadProgram(await createExecutor({ threads: 1 }), program);
    const { scores0 } = await session.run({ tokens0: float32(SHAPE, madeUp(SIZE, 1)) });
    await session.release();
    expect(scores0?.shape).toEqual([IMAGES, 16]);
    expectClose(scores0?.data as Float32Array, expected.scores);
  });
});
