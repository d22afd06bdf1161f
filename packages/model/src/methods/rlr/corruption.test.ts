import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { fillCorruption } from './corruption.ts';

const IMAGES = 3;
const TOKENS = 64;
const CHANNELS = 40;
const base = { purpose: 'noise', probability: 1, mask: false };

function noise(change: Partial<typeof base> = {}): Float32Array {
  const out = new Float32Array(IMAGES * TOKENS * (change.mask ? 1 : CHANNELS));
  const { purpose, ...options } = { ...base, ...change };
  const random = RandomStream.from(5, purpose);
  fillCorruption({ ...options, random, tokens: TOKENS }, IMAGES, out);
  return out;
}

/** Tokens of each image whose numbers are all 0. */
function zeroTokens(values: Float32Array): number[] {
  const width = values.length / IMAGES / TOKENS;
  return Array.from({ length: IMAGES }, (_, image) => {
    const tokens = Array.from({ length: TOKENS }, (__, token) =>
      values.subarray((image * TOKENS + token) * width, (image * TOKENS + token + 1) * width),
    );
    return tokens.filter((token) => token.every((value) => value === 0)).length;
  });
}

describe('fillCorruption', () => {
  it('is standard normal', () => {
    const values = noise();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const moment = (power: number) =>
      values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(moment(2)).toBeGreaterThan(0.95);
    expect(moment(2)).toBeLessThan(1.05);
    expect(moment(4)).toBeGreaterThan(2.6);
    expect(moment(4)).toBeLessThan(3.4);
    const within = values.filter((value) => Math.abs(value) < 1).length / values.length;
    expect(within).toBeCloseTo(0.6827, 1);
  });

  it('leaves the share of tokens that the probability says clean, others for each image', () => {
    expect(zeroTokens(noise())).toEqual([0, 0, 0]);
    expect(zeroTokens(noise({ probability: 0.7 }))).toEqual([19, 19, 19]);
    expect(zeroTokens(noise({ probability: 0 }))).toEqual([64, 64, 64]);
  });

  it('keeps or zeroes whole tokens when masking', () => {
    const values = noise({ mask: true, probability: 0.3 });
    expect(zeroTokens(values)).toEqual([19, 19, 19]);
    expect(new Set(values)).toEqual(new Set([0, 1]));
    expect([...values.subarray(0, TOKENS)]).not.toEqual([...values.subarray(TOKENS, 2 * TOKENS)]);
  });

  it('depends on its stream alone', () => {
    expect(noise()).toEqual(noise());
    expect(noise({ purpose: 'other noise' })).not.toEqual(noise());
  });
});
