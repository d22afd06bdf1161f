import '@tensorflow/tfjs-backend-cpu';
import { matMul, setBackend, type Tensor, type Tensor2D, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { MUON_DEFAULTS, muonStep, orthogonalized } from './muon.ts';
import { RandomStream } from './random.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

function normal(rows: number, columns: number): Tensor {
  const values = new Float32Array(rows * columns);
  RandomStream.from(5, `${rows}×${columns}`).fillNormal(values);
  return tensor(values, [rows, columns]);
}

describe('orthogonalized', () => {
  it.each([
    [6, 6],
    [4, 12],
    [12, 4],
  ])('brings the singular values of a %i×%i matrix near 1', (rows, columns) => {
    const x = orthogonalized(normal(rows, columns)) as Tensor2D;
    const isTall = rows > columns;
    const gram = (matMul(x, x, isTall, !isTall) as Tensor2D).arraySync();
    // Its squared singular values, on average.
    const mean = gram.reduce((total, row, i) => total + row[i]!, 0) / gram.length;
    expect(mean).toBeGreaterThan(0.5);
    expect(mean).toBeLessThan(1.3);
  });

  it('keeps the singular vectors', () => {
    const x = orthogonalized(tensor([3, 0, 0, 0, 0.5, 0], [2, 3])).arraySync() as number[][];
    expect(x[0]![1]).toBeCloseTo(0, 6);
    expect(x[1]![2]).toBeCloseTo(0, 6);
    for (const value of [x[0]![0]!, x[1]![1]!]) {
      expect(value).toBeGreaterThan(0.65);
      expect(value).toBeLessThan(1.25);
    }
  });
});

it.each([
  [8, 12, [-0.0084, 0.1671, -0.1515, 0.15443, 0.06264]],
  [12, 8, [-0.10441, 0.08117, -0.10716, 0.22394, 0.08305]],
])('gives what the published iteration does in PyTorch 2.15, %i×%i', (rows, columns, expected) => {
  const values = Float32Array.from({ length: 96 }, (_, i) => Math.sin(i * 1.7) * (1 + (i % 5)));
  const x = orthogonalized(tensor(values, [rows, columns])).dataSync();
  for (const [place, index] of [0, 1, 17, 50, 95].entries())
    expect(x[index]).toBeCloseTo(expected[place]!, 4);
});

it('follows the momentum, a tall matrix in longer steps', () => {
  const gradient = tensor([2, 0, 0, 1, 0, 0, 0, 0], [4, 2]);
  const zeros = tensor(new Float32Array(8), [4, 2]);
  const rates = { matrixStepSize: tensor(0.1) };
  const first = muonStep({ weights: zeros, firstMoment: zeros }, gradient, rates, MUON_DEFAULTS);
  expect([...first.firstMoment.dataSync()]).toEqual([2, 0, 0, 1, 0, 0, 0, 0]);
  const step = first.weights.arraySync() as number[][];
  // √(4/2) times a singular value of about 1.
  expect(step[0]![0]).toBeLessThan(-0.1 * Math.SQRT2 * 0.65);
  expect(step[0]![0]).toBeGreaterThan(-0.1 * Math.SQRT2 * 1.25);
  const second = muonStep(first, gradient, rates, MUON_DEFAULTS);
  expect(second.firstMoment.dataSync()[0]).toBeCloseTo(2 + 0.95 * 2, 5);
});
