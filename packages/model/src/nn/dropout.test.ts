import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  grads,
  matMul,
  mul,
  reshape,
  setBackend,
  softmax,
  sum,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { attentionCore } from './attention-core.ts';
import { Dropout, dropoutNumbers } from './dropout.ts';
import { RandomStream } from './random.ts';

function uniform(count: number, seed: number): Tensor {
  const random = RandomStream.from(seed, 'dropout');
  return tensor(Float32Array.from({ length: count }, () => random.nextUniform()));
}

function normal(shape: number[], seed: number): Tensor {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  RandomStream.from(seed, 'values').fillNormal(values);
  return tensor(values, shape);
}

beforeAll(async () => {
  await setBackend('cpu');
});

describe('dropout of numbers that are fed', () => {
  it('drops at the rate, any two places of a row independently, and keeps the mean', async () => {
    const shape = [400, 20, 30];
    const factors = await new Dropout(uniform(dropoutNumbers(shape), 1), 0.1).factors(shape).data();
    const mean = [...factors].reduce((total, x) => total + x, 0) / factors.length;
    expect(new Set(factors)).toEqual(new Set([0, Math.fround(1 / 0.9)]));
    expect(mean).toBeCloseTo(1, 2);
    let both = 0;
    for (let row = 0; row < 400 * 20; row++)
      if (factors[row * 30] === 0 && factors[row * 30 + 7] === 0) both++;
    expect(both / (400 * 20)).toBeCloseTo(0.01, 2);
  });

  it('gives every mask numbers of its own', async () => {
    const dropout = new Dropout(uniform(2 * dropoutNumbers([3, 8]), 2), 0.5);
    const [a, b] = [await dropout.factors([3, 8]).data(), await dropout.factors([3, 8]).data()];
    expect([...a]).not.toEqual([...b]);
    expect(dropout.used).toBe(2 * (3 + 8));
  });
});

it('attention with dropout has the value and the gradients of its formula', async () => {
  const [q, k, v] = [normal([2, 3, 5, 4], 1), normal([2, 3, 6, 4], 2), normal([2, 3, 6, 4], 3)];
  const mask = normal([1, 5, 6], 4);
  const shape = [2, 3, 5, 6];
  const factors = new Dropout(uniform(dropoutNumbers(shape), 5), 0.3).factors(shape);
  const readOut = normal([2, 3, 5, 4], 6);
  const plain = (a: Tensor, b: Tensor, c: Tensor) => {
    const logits = add(matMul(a, b, false, true), reshape(mask, [1, 1, 5, 6]));
    return sum(mul(matMul(mul(softmax(logits), factors), c), readOut));
  };
  const ours = (a: Tensor, b: Tensor, c: Tensor) =>
    sum(mul(attentionCore(a, b, c, mask, factors), readOut));
  expect((await ours(q!, k!, v!).data())[0]).toBeCloseTo((await plain(q!, k!, v!).data())[0]!, 4);
  const [found, expected] = [grads(ours)([q!, k!, v!]), grads(plain)([q!, k!, v!])];
  for (const [index, gradient] of expected.entries()) {
    const values = await found[index]!.data();
    for (const [i, value] of (await gradient.data()).entries())
      expect(values[i]).toBeCloseTo(value, 4);
  }
});
