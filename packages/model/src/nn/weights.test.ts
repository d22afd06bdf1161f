import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Weights } from './weights.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('the weights of a part of a network', () => {
  it('are found by their names within it', () => {
    const layer = new Weights({
      'encoder.0.fc1.weight': tensor([1, 2, 3, 4], [2, 2]),
      'encoder.0.fc1.bias': tensor([10, 20]),
    }).at('encoder.0');
    expect([...layer.linear('fc1', tensor([1, 1], [1, 2])).dataSync()]).toEqual([13, 27]);
    expect(layer.at('fc1').has('bias')).toBe(true);
    expect(layer.has('fc2.weight')).toBe(false);
  });

  it('name the whole path of what is missing', () => {
    const layer = new Weights({}).at('encoder.0');
    expect(() => layer.tensor('fc1.weight')).toThrow('"encoder.0.fc1.weight"');
  });
});
