/** @file Parts of InvAD with numbers that are known: doubling, style, bounds of the map, multiplications. */
import '@tensorflow/tfjs-backend-cpu';
import { type InvadConvolution, invadNetwork, invadWork } from '@plumbline/contracts';
import { neg, ones, setBackend, type Tensor4D, tensor, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { constantParameters, initializeParameters } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { Weights } from '../../nn/weights.ts';
import { formula } from '../formula.ts';
import { equalized } from './convolve.ts';
import { distances, rebuildingLoss } from './distance.ts';
import { led, rebuiltLevels } from './forward.ts';
import { invadBuffers, invadParameters } from './parameters.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

const made = (shape: [number, number, number, number], salt: number): Tensor4D => {
  const size = shape.reduce((product, each) => product * each, 1);
  return tensor(Float32Array.from(formula(size, salt)), shape);
};
const LEVELS = [8, 4].map((grid, level) => ({ tap: `${level}`, grid, channels: 4 + 2 * level }));
const network = invadNetwork({ blocks: 1 }, LEVELS);
const specs = invadParameters(network);
const weights = constantParameters(
  specs,
  initializeParameters(specs, RandomStream.from(1, 'weights')),
);
const buffersOf = (salt: number) =>
  Object.fromEntries(
    invadBuffers(network).map(({ name, shape }) => [
      name,
      name.endsWith('variance')
        ? ones([...shape])
        : tensor(Float32Array.from(formula(shape[0] ?? 1, salt))),
    ]),
  );
const levelsOf = (images: number, salt: number) =>
  LEVELS.map(({ grid, channels }, level) => made([images, grid, grid, channels], salt + level));

describe('doubling', () => {
  it('spreads a place over its surroundings, and keeps what is the same everywhere', () => {
    const one: InvadConvolution = {
      ...{ name: 'skip', inChannels: 1, outChannels: 1, kernel: 1, grid: 8 },
      ...{ scale: 'double', kind: 'plain' },
    };
    const layer = new Weights({ 'skip.weight': tensor([100], [1, 1, 1, 1]) });
    const all = equalized(one, layer, ones([1, 4, 4, 1])).dataSync();
    const inner = Array.from(
      { length: 16 },
      (_, i) => all[(2 + Math.floor(i / 4)) * 8 + 2 + (i % 4)]!,
    );
    for (const value of inner) expect(value).toBeCloseTo(1, 5);
    const single = new Float32Array(16);
    single[5] = 1;
    const spread = equalized(one, layer, tensor(single, [1, 4, 4, 1])).dataSync();
    expect([...spread].reduce((sum, x) => sum + x, 0)).toBeCloseTo(4, 5);
    // Its own four places, and the ring around them.
    expect(spread[2 * 8 + 2]).toBeCloseTo(0.75 ** 2, 5);
    expect(spread[1 * 8 + 1]).toBeCloseTo(0.25 ** 2, 5);
  });
});

describe('the style', () => {
  it('leaves a normalized map as it is where its filters are 0: scale 1, shift 0', () => {
    const style = network.stages[0]!.blocks[0]!.styles[0];
    const still = { ...weights };
    for (const one of style!) {
      const name = `${one.name}.weight`;
      still[name] = zeros(weights[name]!.shape);
    }
    const x = made([2, 4, 4, 6], 3);
    const latent = made([2, 4, 4, 16], 4);
    const found = led(style, new Weights(still), x, latent).dataSync();
    const expected = led(null, new Weights(still), x, latent).dataSync();
    expect([...found]).toEqual([...expected]);
    const mean = [...found].reduce((sum, value) => sum + value, 0) / found.length;
    expect(mean).toBeCloseTo(0, 5);
  });

  it('is that of each image: what comes out does not depend on those beside it', () => {
    const [two, other] = [levelsOf(2, 10), levelsOf(1, 10)];
    const of = (levels: Tensor4D[]) =>
      rebuiltLevels(network, new Weights(weights), levels, buffersOf(5)).map((x) => x.dataSync());
    const [both, first] = [of(two), of(other)];
    for (const [level, values] of first.entries())
      for (const [i, value] of values.entries()) expect(both[level]![i]).toBeCloseTo(value, 4);
  });
});

describe('loss and map', () => {
  it('are 0 for equal levels, and the map 2 for opposite ones', () => {
    const levels = levelsOf(2, 20);
    expect(rebuildingLoss(levels, levels, 5).dataSync()[0]).toBe(0);
    expect(Math.max(...distances(network, levels, levels).dataSync())).toBeLessThan(1e-6);
    const opposite = distances(
      network,
      levels,
      levels.map((x) => neg(x) as Tensor4D),
    );
    expect(Math.min(...opposite.dataSync())).toBeCloseTo(2, 5);
    expect(opposite.shape).toEqual([2, 64]);
  });
});

describe('the multiplications of InvAD', () => {
  it('are the published ones of its lite form, but for the backbone’s 3.95·10⁹', () => {
    const levels = [64, 128, 256].map((channels, level) => ({
      ...{ tap: `${level}`, grid: 64 >> level, channels },
    }));
    expect(invadWork(invadNetwork({ blocks: 4 }, levels)) / 1e9).toBeCloseTo(9.28 - 3.95, 0);
  });
});
