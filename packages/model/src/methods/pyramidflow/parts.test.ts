/** @file Parts of PyramidFlow that can be undone: the pyramid, the mixing of channels, the flow; volumes that stay. */
import '@tensorflow/tfjs-backend-cpu';
import { pyramidBlocks } from '@plumbline/contracts';
import {
  div,
  matMul,
  reshape,
  setBackend,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { constantParameters, parameterSize } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { randomRotation } from '../../nn/random-rotation.ts';
import { Weights } from '../../nn/weights.ts';
import { formula } from '../formula.ts';
import { affine, latents } from './forward.ts';
import { magnitudes } from './loss.ts';
import { factorsOf, mixingMatrix } from './mixing.ts';
import { pyramidBuffers, pyramidFlow, pyramidParameters } from './parameters.ts';
import { buildPyramid, composePyramid } from './pyramid.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

const made = (shape: number[], salt: number) =>
  tensor(
    Float32Array.from(
      formula(
        shape.reduce((product, size) => product * size, 1),
        salt,
      ),
    ),
    shape,
  );

function expectEqual(found: Tensor, expected: Tensor, digits = 4): void {
  expect(found.shape).toEqual(expected.shape);
  const values = expected.dataSync();
  for (const [i, value] of found.dataSync().entries())
    expect(value).toBeCloseTo(values[i]!, digits);
}

const SHAPE = { grid: 8, channels: 4, pyramidLevels: 3, stacks: 2, kernel: 3 } as const;

describe('a pyramid', () => {
  it('is put together to what it was made from', () => {
    const x = made([2, 16, 16, 3], 1) as Tensor4D;
    const pyramid = buildPyramid(x, 4);
    expect(pyramid.map(({ shape }) => shape[1])).toEqual([16, 8, 4, 2]);
    expectEqual(composePyramid(pyramid), x, 5);
  });
});

describe('the mixing of channels', () => {
  it.each([2, 5, 16])('starts as a random rotation of %i channels, by its factors', (size) => {
    const rotation = randomRotation(size, RandomStream.from(1, `rotation${size}`));
    const factors = factorsOf(rotation, size);
    const square = [size, size];
    const layer = new Weights({
      lower: tensor(factors.lower, square),
      upper: tensor(factors.upper, square),
      logScales: tensor(factors.logScales),
    });
    expectEqual(mixingMatrix(layer, factors), tensor(rotation, square));
    for (const value of factors.lower) expect(Math.abs(value)).toBeLessThanOrEqual(1);
  });
});

describe('the flow', () => {
  const flow = pyramidFlow(SHAPE, { normalizes: 'channels' }, 3);
  const weights = () => {
    const specs = pyramidParameters(flow);
    const values = specs.flatMap((spec, index) =>
      spec.initializer.kind === 'given'
        ? [...spec.initializer.values]
        : Array.from(formula(parameterSize(spec), index), (x) => 0.3 * x),
    );
    return new Weights(constantParameters(specs, Float32Array.from(values)));
  };
  const means = () =>
    Object.fromEntries(
      pyramidBuffers(flow).map(({ name, shape }, index) => [name, made([...shape], 90 + index)]),
    );

  it('changes each level in every stack, by one neighbor or by both', () => {
    const blocks = pyramidBlocks({ ...SHAPE, pyramidLevels: 4, stacks: 1 });
    expect(blocks.map(({ level, neighbors }) => [level, neighbors])).toEqual([
      [1, [0, 2]],
      [3, [2]],
      [0, [1]],
      [2, [1, 3]],
    ]);
  });

  it('can be undone', () => {
    const pyramid = buildPyramid(made([2, 8, 8, 4], 7) as Tensor4D, 3);
    const [trained, running] = [weights(), means()];
    const levels = latents(flow, trained, pyramid, running);
    const blocks = pyramidBlocks(flow);
    for (const block of [...blocks].reverse()) {
      const layer = trained.at(block.name);
      const z = levels[block.level] as Tensor4D;
      // A rotation's inverse is its transpose.
      const matrix = mixingMatrix(layer, flow.factors[blocks.indexOf(block)]!);
      const unmixed = reshape(matMul(reshape(z, [-1, 4]) as Tensor2D, matrix), z.shape);
      const { scale, shift } = affine(block, layer, levels, (name, logs) =>
        sub(logs, running[`${name}.mean`] as Tensor),
      );
      levels[block.level] = div(sub(unmixed, shift), scale);
    }
    for (const [level, x] of levels.entries()) expectEqual(x, pyramid[level] as Tensor4D, 3);
  });
});

describe('the spectrum', () => {
  it('of a constant picture is at the first place alone, of a wave at its two frequencies', () => {
    const constant = magnitudes(tensor(new Float32Array(64).fill(2), [1, 8, 8, 1])).dataSync();
    expect(constant[0]).toBeCloseTo(128, 3);
    expect(Math.max(...constant.slice(1))).toBeLessThan(1e-3);
    const wave = Float32Array.from({ length: 64 }, (_, i) => Math.cos((2 * Math.PI * (i % 8)) / 4));
    const found = magnitudes(tensor(wave, [1, 8, 8, 1])).dataSync();
    const large = [...found.entries()].filter(([, x]) => x > 1e-3).map(([i]) => i);
    expect(large).toEqual([2, 6]);
    expect(found[2]).toBeCloseTo(32, 3);
  });
});
