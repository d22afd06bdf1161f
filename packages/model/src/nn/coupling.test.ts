import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  memory,
  setBackend,
  square,
  sum,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CouplingBlock,
  couplingForward,
  couplingInverse,
  globalSpecs,
  type Mixing,
  randomMixing,
} from './coupling.ts';
import { initializeParameters } from './parameters.ts';
import { RandomStream } from './random.ts';
import { Weights } from './weights.ts';

const KINDS = ['soft', 'hard'] as const;

beforeAll(async () => {
  await setBackend('cpu');
});

function numbers(purpose: string, shape: readonly number[], scale = 1): Tensor {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  RandomStream.from(4, purpose).fillNormal(values);
  return tensor(
    values.map((value) => scale * value),
    [...shape],
  );
}

/** A block whose subnet is one linear layer, large enough that the clamp is felt. */
function blockOf(channels: number, kind: Mixing['kind'], subnetScale = 3) {
  const half = Math.floor(channels / 2);
  const block: CouplingBlock = {
    clamp: 1.9,
    mixing: randomMixing(kind, channels, RandomStream.from(4, 'mixing')),
    subnet: (weights, kept) => weights.linear('layer', kept),
  };
  const weights = new Weights({
    'layer.weight': numbers('weight', [2 * half, channels - half], subnetScale),
    'layer.bias': numbers('bias', [2 * half], subnetScale),
    scale: add(numbers('scale', [channels], 2), 6),
    offset: numbers('offset', [channels]),
  });
  return { block, weights };
}

/** log |det| of the map's Jacobian by central differences, of one place. */
function numericalLogDeterminant(map: (x: Tensor) => Tensor, x: Float32Array): number {
  const size = x.length;
  const step = 1e-2;
  const matrix = Array.from({ length: size }, (_, channel) => {
    const moved = (by: number) =>
      map(
        tensor(
          x.map((v, i) => (i === channel ? v + by : v)),
          [1, size],
        ),
      ).dataSync();
    const [up, down] = [moved(step), moved(-step)];
    return Array.from(up, (value, i) => (value - down[i]!) / (2 * step));
  });
  let result = 0;
  for (let pivot = 0; pivot < size; pivot++) {
    const rest = matrix.slice(pivot);
    const best = rest.reduce((a, b) => (Math.abs(b[pivot]!) > Math.abs(a[pivot]!) ? b : a));
    matrix.splice(matrix.indexOf(best), 1);
    matrix.splice(pivot, 0, best);
    result += Math.log(Math.abs(best[pivot]!));
    for (const row of matrix.slice(pivot + 1)) {
      const factor = row[pivot]! / best[pivot]!;
      for (let i = pivot; i < size; i++) row[i]! -= factor * best[i]!;
    }
  }
  return result;
}

describe.each(KINDS)('a coupling block with %s mixing', (kind) => {
  it.each([4, 7])('is undone by its inverse: %i channels', (channels) => {
    const { block, weights } = blockOf(channels, kind);
    const x = numbers('x', [3, 5, channels]);
    const { values, logDeterminants } = couplingForward(block, weights, x);
    expect(values.shape).toEqual([3, 5, channels]);
    expect(logDeterminants.shape).toEqual([3, 5]);
    const back = couplingInverse(block, weights, values).dataSync();
    for (const [at, value] of x.dataSync().entries())
      expect(Math.abs(back[at]! - value)).toBeLessThan(1e-5);
  });

  it('gives the log-determinant of its numerical Jacobian', () => {
    const { block, weights } = blockOf(4, kind);
    const x = numbers('x', [6, 4]);
    const found = couplingForward(block, weights, x).logDeterminants.dataSync();
    for (let row = 0; row < 6; row++) {
      const own = x.dataSync().slice(4 * row, 4 * row + 4) as Float32Array;
      const map = (place: Tensor) => couplingForward(block, weights, place).values;
      expect(found[row]).toBeCloseTo(numericalLogDeterminant(map, own), 2);
    }
  });

  it('keeps lengths and has the log-determinant 0 as it begins, where the subnet gives 0', () => {
    const channels = 6;
    const { block } = blockOf(channels, kind);
    const specs = globalSpecs('block', channels);
    const flat = initializeParameters(specs, RandomStream.from(0, 'weights'));
    const weights = new Weights({
      'layer.weight': zeros([channels, channels / 2]),
      'layer.bias': zeros([channels]),
      scale: tensor(flat.slice(0, channels)),
      offset: tensor(flat.slice(channels)),
    });
    const x = numbers('x', [5, channels]);
    const { values, logDeterminants } = couplingForward(block, weights, x);
    for (const value of logDeterminants.dataSync()) expect(Math.abs(value)).toBeLessThan(1e-5);
    const squaredLengths = (t: Tensor) => sum(square(t), -1).dataSync();
    for (const [row, length] of squaredLengths(x).entries())
      expect(squaredLengths(values)[row]).toBeCloseTo(length, 4);
  });

  it('leaves its inputs usable', () => {
    const { block, weights } = blockOf(4, kind);
    const x = numbers('x', [2, 4]);
    const before = memory().numTensors;
    tidy(() => void couplingForward(block, weights, x));
    expect(memory().numTensors).toBe(before);
    expect(x.isDisposed).toBe(false);
  });
});
