/** @file UniAD's properties: numbers of parameters, what a token can't see, and what reaches the output by attention alone. */
import '@tensorflow/tfjs-backend-cpu';
import { uniad as definition, type UniadNetwork, uniadNetwork } from '@plumbline/contracts';
import {
  abs,
  grad,
  mul,
  setBackend,
  slice,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dropout } from '../../nn/dropout.ts';
import { constantParameters, initializeParameters, totalSize } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { Weights } from '../../nn/weights.ts';
import { windowMask } from '../../nn/window-mask.ts';
import { joinLevels } from '../join-levels.ts';
import { encodeLayer, networkDropoutNumbers, uniadForward } from './forward.ts';

import { uniadParameters } from './parameters.ts';
import { uniadTrainable } from './trainable.ts';

const SMALL: UniadNetwork = {
  ...{ grid: 8, channels: 6, width: 8, layers: 2, heads: 2, hidden: 12 },
  ...{ neighborMask: 7, queries: 'layers' },
};
const TOKENS = SMALL.grid ** 2;

function weightsOf(network: UniadNetwork, silent: RegExp | null = null): Weights {
  const specs = uniadParameters(network).map((spec) =>
    silent?.test(spec.name) ? { ...spec, initializer: { kind: 'zeros' as const } } : spec,
  );
  return new Weights(
    constantParameters(specs, initializeParameters(specs, RandomStream.from(1, 'weights'))),
  );
}

function randomTensor(shape: number[], seed: number): Tensor {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  RandomStream.from(seed, 'tokens').fillNormal(values);
  return tensor(values, shape);
}

async function largestDifference(a: Tensor, b: Tensor): Promise<number> {
  return Math.max(...(await abs(sub(a, b)).data()));
}

beforeAll(async () => {
  await setBackend('cpu');
});

describe('UniAD', () => {
  it('has the released network’s parameters to the last one, and without queries of layers so many fewer', () => {
    // EfficientNet-B4 at 224 px: 24, 32, 56 and 160 channels on a grid of 14×14.
    const levels = [
      { tap: 'blocks.0', grid: 112, channels: 24 },
      { tap: 'blocks.1', grid: 56, channels: 32 },
      { tap: 'blocks.2', grid: 28, channels: 56 },
      { tap: 'blocks.4', grid: 14, channels: 160 },
    ];
    const network = uniadNetwork(definition.resolve('paper'), levels);
    expect(network).toMatchObject({ grid: 14, channels: 272 });
    const [projections, positions, norm] = [272 * 256 + 256 + 256 * 272 + 272, 2 * 14 * 128, 512];
    const attention = 3 * 256 * 256 + 3 * 256 + 256 * 256 + 256;
    const feedForward = 256 * 1024 + 1024 + 1024 * 256 + 256;
    const encoder = 4 * (attention + feedForward + 2 * 512);
    const decoder = 4 * (196 * 256 + 2 * attention + feedForward + 3 * 512);
    const total = projections + positions + norm + encoder + decoder;
    expect(total).toBe(7_717_392);
    expect(totalSize(uniadParameters(network))).toBe(total);
    expect(totalSize(uniadParameters({ ...network, queries: 'input' }))).toBe(
      7_717_392 - 3 * 196 * 256,
    );
  });

  it('starts as released: Xavier, biases 0, queries normal, positions from 0 to 1', () => {
    const specs = uniadParameters({ ...SMALL, width: 64, grid: 16 });
    const flat = initializeParameters(specs, RandomStream.from(2, 'initial'));
    let offset = 0;
    for (const spec of specs) {
      const own = [...flat.subarray(offset, offset + totalSize([spec]))];
      offset += own.length;
      const [low, high] = [Math.min(...own), Math.max(...own)];
      const mean = own.reduce((total, value) => total + value, 0) / own.length;
      if (/learned_embed$/.test(spec.name)) {
        expect(own.reduce((all, x) => all + x * x, 0) / own.length).toBeCloseTo(1, 1);
      } else if (/_embed$/.test(spec.name)) {
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThan(1);
        expect(mean).toBeCloseTo(0.5, 1);
      } else if (/norm\d?\.weight$/.test(spec.name)) expect([low, high]).toEqual([1, 1]);
      else if (/bias$/.test(spec.name)) expect([low, high]).toEqual([0, 0]);
      else {
        const [outputs = 1, inputs = 1] = spec.shape;
        expect(high).toBeLessThan(Math.sqrt(6 / (inputs + outputs)));
        expect(high).toBeGreaterThan(0.95 * Math.sqrt(6 / (inputs + outputs)));
      }
    }
  });

  it.each([
    [7, 3],
    [3, 1],
  ] as const)(
    'hides a neighborhood of side %i: what is within %i patches has no gradient',
    async (neighborMask, half) => {
      const network = { ...SMALL, neighborMask };
      const layer = weightsOf(network).at('encoder.0');
      const transformer = {
        ...{ network, dropout: null },
        position: randomTensor([1, TOKENS, SMALL.width], 3),
        mask: tensor(windowMask(SMALL.grid, neighborMask, false), [1, TOKENS, TOKENS]),
      };
      // Row 2, column 5: tokens are row by row.
      const token = 2 * SMALL.grid + 5;
      const readOut = randomTensor([1, 1, SMALL.width], 5);
      const gradient = grad((z: Tensor) =>
        sum(mul(slice(encodeLayer(layer, z, transformer), [0, token, 0], [1, 1, -1]), readOut)),
      )(randomTensor([1, TOKENS, SMALL.width], 4));
      const values = await gradient.data();
      for (let other = 0; other < TOKENS; other++) {
        if (other === token) continue; // The residual.
        const own = [...values.subarray(other * SMALL.width, (other + 1) * SMALL.width)];
        const [row, column] = [Math.floor(other / SMALL.grid), other % SMALL.grid];
        const isHidden = Math.abs(row - 2) <= half && Math.abs(column - 5) <= half;
        expect(
          own.every((value) => value === 0),
          `${row}, ${column}`,
        ).toBe(isHidden);
      }
    },
  );

  it.each(['layers', 'input'] as const)(
    'reaches the output by attention alone, queries %s',
    async (queries) => {
      const network = { ...SMALL, queries };
      const difference = async (silent: RegExp | null) => {
        const weights = weightsOf(network, silent);
        const [a, b] = [5, 6].map((seed) => {
          const tokens = randomTensor([1, TOKENS, SMALL.channels], seed);
          return uniadForward(weights, tokens, network);
        }) as [Tensor, Tensor];
        return largestDifference(a, b);
      };
      expect(await difference(null)).toBeGreaterThan(1e-3);
      expect(await difference(/^decoder.*out_proj\.weight$/)).toBe(0);
    },
  );

  it('takes as many numbers for its dropout as are fed, and is another network with it', async () => {
    const count = networkDropoutNumbers(SMALL, 2);
    const numbers = new Float32Array(count);
    const random = RandomStream.from(3, 'dropout');
    for (let i = 0; i < count; i++) numbers[i] = random.nextUniform();
    const dropout = new Dropout(tensor(numbers), 0.3);
    const tokens = randomTensor([2, TOKENS, SMALL.channels], 8);
    const dropped = uniadForward(weightsOf(SMALL), tokens, SMALL, dropout);
    expect(dropout.used).toBe(count);
    const whole = uniadForward(weightsOf(SMALL), tokens, SMALL);
    expect(await largestDifference(dropped, whole)).toBeGreaterThan(0.01);
  });

  it('resizes every level to one grid, corners on corners, token order row by row', async () => {
    const levels = [
      { tap: 'fine', grid: 3, channels: 1 },
      { tap: 'coarse', grid: 2, channels: 2 },
    ];
    const network = { ...SMALL, grid: 2, channels: 3 };
    const given = {
      tokens0: tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 9, 1]),
      tokens1: tensor([10, 11, 20, 21, 30, 31, 40, 41], [1, 4, 2]),
    };
    const joined = joinLevels(given, { levels, whitenings: [null, null] }, network.grid);
    expect(joined.shape).toEqual([1, 4, 3]);
    expect([...(await joined.data())]).toEqual([1, 10, 11, 3, 20, 21, 7, 30, 31, 9, 40, 41]);
  });

  it.each([
    [1, 1],
    [0.5, 0.5],
    [0, 0],
  ])('jitters a share of %f of the batches, each as a whole', async (jitterProbability, share) => {
    const { feeds, batches, random } = uniadTrainable({
      preset: definition.resolve('tiny', { jitterProbability, dropout: 0, batchSize: 2 }),
      neck: { network: SMALL, levels: [{ tap: 'a', grid: 8, channels: 6 }], whitenings: [null] },
      ...{ seed: 1, categories: 1 },
      features: { count: 4, categories: ['a', 'a', 'a', 'a'], read: (_, __, out) => out.fill(1) },
    });
    let jittered = 0;
    for (let step = 0; step < 200; step++) {
      const given = await feeds({
        ...{ step, images: batches.images(step) },
        random: (purpose) => random(purpose, step),
      });
      const noise = given['noise']?.data as Float32Array;
      const nonzero = noise.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
      expect([0, noise.length]).toContain(nonzero);
      if (nonzero > 0) jittered++;
    }
    expect(Math.abs(jittered / 200 - share)).toBeLessThan(0.12);
  });
});
