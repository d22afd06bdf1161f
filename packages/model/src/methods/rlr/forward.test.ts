import '@tensorflow/tfjs-backend-cpu';
import { setBackend, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initializeParameters, parameterSize, totalSize } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { networkConfig, type RlrNetworkConfig, resolvePreset } from './config.ts';
import { rlrForward } from './forward.ts';
import { corrupt, rlrLoss } from './loss.ts';
import { rlrParameters } from './parameters.ts';
import { rlrScore } from './score.ts';

const BASE: RlrNetworkConfig = {
  grid: 8,
  channels: 4,
  width: 8,
  layers: 1,
  heads: 2,
  window: 3,
  blocks: ['mca', 'nsa'],
  gate: 'none',
  referenceLength: 1,
  referenceMode: 'fixed',
  referenceLoss: false,
};
const TOKENS = BASE.grid ** 2;

beforeAll(async () => {
  await setBackend('cpu');
});

function normal(purpose: string, size: number): Float32Array {
  const values = new Float32Array(size);
  RandomStream.from(4, purpose).fillNormal(values);
  return values;
}

const tokens = () => tensor(normal('tokens', TOKENS * BASE.channels), [1, TOKENS, BASE.channels]);

/** Parameters by name, as initialized; `change` may write to them first. */
function parametersOf(
  config: RlrNetworkConfig,
  change: (name: string, values: Float32Array) => void = () => {},
): Record<string, Tensor> {
  const specs = rlrParameters(config);
  const flat = initializeParameters(specs, RandomStream.from(1, 'weights'));
  let offset = 0;
  return Object.fromEntries(
    specs.map((spec) => {
      const values = flat.slice(offset, offset + parameterSize(spec));
      offset += values.length;
      change(spec.name, values);
      return [spec.name, tensor(values, [...spec.shape])];
    }),
  );
}

describe('several references', () => {
  /** Largest change of the output when one of the two references changes. */
  function effect(change: Partial<RlrNetworkConfig>, reference: number): number {
    const config = { ...BASE, referenceLength: 2, ...change };
    const size = TOKENS * BASE.channels;
    const output = (shift: number) =>
      rlrForward(
        parametersOf(config, (name, values) => {
          if (name !== 'ref_mca') return;
          for (let i = 0; i < size; i++) values[reference * size + i]! += shift * Math.sin(i);
        }),
        tokens(),
        config,
      ).dataSync();
    const [before, after] = [Array.from(output(0)), output(3)];
    return before.reduce((most, value, i) => Math.max(most, Math.abs(value - after[i]!)), 0);
  }

  it.each([['nsa'], ['ca']] as const)(
    '%s sees all when fixed, the last alone as released',
    (block) => {
      const blocks = [block];
      expect(effect({ blocks }, 0)).toBeGreaterThan(1e-3);
      expect(effect({ blocks }, 1)).toBeGreaterThan(1e-3);
      expect(effect({ blocks, referenceMode: 'released' }, 0)).toBe(0);
      expect(effect({ blocks, referenceMode: 'released' }, 1)).toBeGreaterThan(1e-3);
    },
  );

  it('mca sees all in both forms', () => {
    for (const referenceMode of ['fixed', 'released'] as const)
      for (const reference of [0, 1])
        expect(effect({ blocks: ['mca'], referenceMode }, reference)).toBeGreaterThan(1e-3);
  });

  it('one reference makes no difference between the forms', () => {
    const output = (referenceMode: 'fixed' | 'released') => {
      const config = { ...BASE, referenceMode };
      return rlrForward(parametersOf(config), tokens(), config).dataSync();
    };
    expect(output('released')).toEqual(output('fixed'));
  });
});

describe('loss and score', () => {
  const BIAS = [0.5, -1, 2, 0.25];

  /** A network whose output is `BIAS` everywhere. */
  const constantNetwork = (config: RlrNetworkConfig) =>
    parametersOf(config, (name, values) => {
      if (name === 'projection.weight') values.fill(0);
      if (name === 'projection.bias') values.set(BIAS);
    });

  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
  const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

  /** mean_c (x − y)² + 1 − cos(x, y) of each token. */
  function expectedScores(): number[] {
    const x = normal('tokens', TOKENS * BASE.channels);
    return Array.from({ length: TOKENS }, (_, token) => {
      const part = x.subarray(token * BASE.channels, (token + 1) * BASE.channels);
      const squares = BIAS.reduce((sum, value, i) => sum + (value - part[i]!) ** 2, 0);
      return squares / BASE.channels + 1 - cosine(BIAS, part);
    });
  }
  const mean = (values: readonly number[]) =>
    dot(
      values,
      values.map(() => 1),
    ) / values.length;

  it('score is squared error and cosine of each token', () => {
    const scores = Array.from(rlrScore(constantNetwork(BASE), tokens(), BASE).dataSync());
    for (const [token, score] of expectedScores().entries())
      expect(scores[token]).toBeCloseTo(score, 4);
  });

  it('loss compares with the clean tokens, whatever the corruption', () => {
    for (const maskTokens of [false, true]) {
      const size = TOKENS * (maskTokens ? 1 : BASE.channels);
      const noise = tensor(normal('noise', size), [1, TOKENS, size / TOKENS]);
      const corruption = { jitterScale: 4, maskTokens };
      const loss = rlrLoss(constantNetwork(BASE), tokens(), noise, corruption, BASE);
      expect(loss.dataSync()[0]).toBeCloseTo(mean(expectedScores()), 4);
    }
  });

  it('the reference loss adds the mean cosine of each pair of references over (R−1)·R', () => {
    const config = { ...BASE, referenceLength: 3, referenceLoss: true };
    const noise = tensor(normal('noise', TOKENS * BASE.channels), [1, TOKENS, BASE.channels]);
    const corruption = { jitterScale: 4, maskTokens: false };
    const parameters = constantNetwork(config);
    const reference = parameters['ref_mca']!.dataSync();
    const row = (map: number, token: number) =>
      reference.subarray(
        (map * TOKENS + token) * BASE.channels,
        (map * TOKENS + token + 1) * BASE.channels,
      );
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const;
    const sum = pairs.reduce(
      (total, [a, b]) =>
        total + mean(Array.from({ length: TOKENS }, (_, t) => cosine(row(a, t), row(b, t)))),
      0,
    );
    const loss = rlrLoss(parameters, tokens(), noise, corruption, config).dataSync()[0]!;
    expect(loss).toBeCloseTo(mean(expectedScores()) + sum / 6, 4);
  });
});

it("jitter is in proportion to a token's norm over its channels, and masking sets tokens to 0", () => {
  const x = tensor([3, 4, 0, 0, 1, 0, 0, 0], [1, 2, 4]);
  const noise = tensor([1, 0, 0, -1, 0, 2, 0, 0], [1, 2, 4]);
  expect(Array.from(corrupt(x, noise, { jitterScale: 4, maskTokens: false }).dataSync())).toEqual([
    8, 4, 0, -5, 1, 2, 0, 0,
  ]);
  const keep = tensor([1, 0], [1, 2, 1]);
  expect(Array.from(corrupt(x, keep, { jitterScale: 4, maskTokens: true }).dataSync())).toEqual([
    3, 4, 0, 0, 0, 0, 0, 0,
  ]);
});

it("`paper` on EfficientNet-B6 has the released README's 21.51 M parameters", () => {
  const preset = resolvePreset('paper');
  const sizes = [
    [32, 72],
    [16, 200],
  ].map(([grid = 0, channels = 0]) =>
    totalSize(rlrParameters(networkConfig(preset, grid, channels))),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toBeCloseTo(21.51, 2);
});
