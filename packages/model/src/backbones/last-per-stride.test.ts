/** @file The choice of taps inside a network, on made-up lists of values. */
import { describe, expect, it } from 'vitest';
import { lastPerStride } from './last-per-stride.ts';

const tap = (name: string, stride: number, channels = 8) => ({ name, stride, channels });
const names = (taps: ReturnType<typeof tap>[], sums: string[] = []) =>
  lastPerStride(taps, new Set(sums)).map((one) => one.name);

describe('lastPerStride', () => {
  it('takes the last value of each stride', () => {
    expect(names([tap('a', 4), tap('b', 4), tap('c', 8), tap('d', 8)])).toEqual(['b', 'd']);
  });

  it('leaves out what a decoder computes on its way up', () => {
    expect(names([tap('a', 4), tap('b', 8), tap('c', 16), tap('up8', 8), tap('up4', 4)])).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('takes the residual sum before an inverted bottleneck widens', () => {
    const taps = [tap('sum', 8), tap('wide', 8, 48), tap('swish', 8, 48), tap('down', 16, 48)];
    expect(names(taps, ['sum'])).toEqual(['sum', 'down']);
    // After the sum of a ResNet comes its ReLU, which is as wide.
    expect(names([tap('sum', 8), tap('relu', 8), tap('down', 16)], ['sum'])).toEqual([
      'relu',
      'down',
    ]);
  });

  it('has nothing to choose of nothing', () => {
    expect(names([])).toEqual([]);
  });
});
