/** @file Scores as multiples of their threshold. */
import { describe, expect, it } from 'vitest';
import { formatRatio, scoreRatio } from './prediction.ts';
import { type ThresholdProfile, thresholdOf } from './threshold-profile.ts';

describe('scoreRatio', () => {
  it('is 1 at the threshold, and undefined for a threshold that divides nothing', () => {
    expect(scoreRatio(40, 40)).toBe(1);
    expect(scoreRatio(60, 40)).toBe(1.5);
    expect(scoreRatio(60, 0)).toBe(null);
    expect(scoreRatio(60, -1)).toBe(null);
  });
});

describe('formatRatio', () => {
  it('never rounds a score below its threshold up to it', () => {
    expect([0.9949, 0.995, 0.99999, 1, 1.004].map(formatRatio)).toEqual([
      '0.99',
      '0.995',
      '0.999',
      '1.00',
      '1.00',
    ]);
  });

  it('has two decimals, none for large ones, and says what is undefined', () => {
    expect([1.4249, 0, -0.5, 123.4].map(formatRatio)).toEqual(['1.42', '0.00', '-0.50', '123']);
    expect(formatRatio(null)).toBe('undefined');
  });
});

describe('thresholdOf', () => {
  const cut = (imageThreshold: number) => ({
    imageThreshold,
    pixelThreshold: 1,
    heldOutScores: [],
  });
  const profile: ThresholdProfile = {
    rule: 'test',
    falseAlarmTarget: 0.01,
    pooled: cut(10),
    categories: JSON.parse(JSON.stringify({ nut: cut(1) })),
  };

  it('is the category’s own, or the pooled one, whatever the category is called', () => {
    expect(thresholdOf(profile, 'nut').imageThreshold).toBe(1);
    for (const name of ['bolt', 'constructor', '__proto__', 'toString'])
      expect(thresholdOf(profile, name), name).toBe(profile.pooled);
  });
});
