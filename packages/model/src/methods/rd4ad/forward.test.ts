/** @file Parts of RD4AD with numbers that are known: doubling of a grid, bounds of loss and maps, widths of other trunks. */
import '@tensorflow/tfjs-backend-cpu';
import { reverseNetwork, reverseWork } from '@plumbline/contracts';
import {
  conv2dTranspose,
  neg,
  reshape,
  setBackend,
  type Tensor2D,
  type Tensor4D,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formula } from '../formula.ts';
import { doubleGrid } from './convolve.ts';
import { distances, distillationLoss } from './distance.ts';

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

describe('doubling a grid', () => {
  it('is a transposed convolution of 2×2 with stride 2', () => {
    const x = made([2, 3, 3, 5], 1) as Tensor4D;
    const filters = made([5, 4 * 4], 2) as Tensor2D; // [I, (a, b, O)]
    const images = transpose(reshape(filters, [5, 2, 2, 4]), [1, 2, 3, 0]) as Tensor4D; // [a, b, O, I]
    const expected = conv2dTranspose(x, images, [2, 6, 6, 4], 2, 'valid').dataSync();
    const found = doubleGrid(x, filters);
    expect(found.shape).toEqual([2, 6, 6, 4]);
    for (const [i, value] of found.dataSync().entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  });

  it('fills exactly one square of 2×2 from one place', () => {
    const x = tensor(
      Float32Array.from({ length: 9 }, (_, i) => (i === 5 ? 1 : 0)),
      [1, 3, 3, 1],
    );
    const filled = doubleGrid(x as Tensor4D, tensor([[1, 2, 3, 4]]) as Tensor2D);
    const [row, column] = [1, 2];
    const expected = new Float32Array(36);
    for (const [i, value] of [1, 2, 3, 4].entries())
      expected[(2 * row + Math.floor(i / 2)) * 6 + 2 * column + (i % 2)] = value;
    expect([...filled.dataSync()]).toEqual([...expected]);
  });
});

describe('loss and maps', () => {
  it('are 0 where the features are rebuilt, and 2 a level where they are turned around', () => {
    const shapes = [
      [2, 8, 8, 3],
      [2, 4, 4, 5],
      [2, 2, 2, 7],
    ];
    const levels = shapes.map((shape, level) => made(shape, 3 + level) as Tensor4D);
    const opposite = levels.map((level) => neg(level) as Tensor4D);
    expect(distillationLoss(levels, levels).dataSync()[0]).toBeCloseTo(0, 5);
    expect(distillationLoss(levels, opposite).dataSync()[0]).toBeCloseTo(6, 5);
    for (const map of distances(levels, opposite))
      for (const value of map.dataSync()) expect(value).toBeCloseTo(2, 5);
    for (const map of distances(levels, levels))
      for (const value of map.dataSync()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1e-5);
      }
  });

  it('take a level as one vector in the loss: a place counts by its length, which its map does not see', () => {
    const given = tensor([3, 0, 0, 4], [1, 1, 2, 2]) as Tensor4D;
    const half = tensor([3, 0, 4, 0], [1, 1, 2, 2]) as Tensor4D;
    // (3·3 + 0·4) / (5·5)
    expect(distillationLoss([given], [half]).dataSync()[0]).toBeCloseTo(1 - 9 / 25, 5);
    expect([...(distances([given], [half])[0]?.dataSync() ?? [])]).toEqual([0, 1]);
  });
});

describe('the network for a backbone', () => {
  const standard = [64, 128, 256].map((channels, level) => ({
    ...{ tap: `layer${level + 1}`, channels, grid: 64 >> level },
  }));

  it('takes 2.5·10⁹ multiplications with a ResNet-18 at 256 px', () => {
    expect(reverseWork(reverseNetwork('resnet18', standard)) / 1e9).toBeCloseTo(2.5, 1);
  });

  it('is the same in whatever order the levels are given', () => {
    const turned = reverseNetwork('resnet18', [...standard].reverse());
    expect(turned.levels.map(({ index, grid }) => [index, grid])).toEqual([
      [2, 64],
      [1, 32],
      [0, 16],
    ]);
    expect(turned.stages).toEqual(reverseNetwork('resnet18', standard).stages);
  });
});
