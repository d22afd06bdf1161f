import { describe, expect, it } from 'vitest';
import { DomainError } from './errors.ts';
import { decidingThreshold, falseAlarms, judgeScore } from './inspection-verdict.ts';
import type { ThresholdProfile } from './threshold-profile.ts';

const cut = (imageThreshold: number, heldOutScores: number[] = [1]) => ({
  imageThreshold,
  pixelThreshold: 1,
  heldOutScores,
});

describe('decidingThreshold', () => {
  it('has no held-out scores where the category has no thresholds of its own', () => {
    const profile: ThresholdProfile = {
      rule: 'test',
      falseAlarmTarget: 0.01,
      pooled: cut(10),
      categories: { nut: cut(1) },
    };
    expect(decidingThreshold(profile, 'nut')).toEqual(cut(1));
    expect(decidingThreshold(profile, null)).toEqual(cut(10));
    for (const name of ['bolt', 'constructor'])
      expect(decidingThreshold(profile, name)).toEqual(cut(10, []));
  });
});

describe('judgeScore', () => {
  it('is anomalous from the threshold on, and uncertain in the band below it', () => {
    const judged = (score: number) => {
      const { predictedLabel, uncertain } = judgeScore(score, { ...cut(4), uncertainThreshold: 3 });
      return [predictedLabel, uncertain];
    };
    expect([2.9, 3, 3.9, 4].map(judged)).toEqual([
      ['normal', false],
      ['normal', true],
      ['normal', true],
      ['anomalous', false],
    ]);
    expect(judgeScore(3.9, cut(4))).toMatchObject({ uncertain: false, uncertainThreshold: null });
  });
});

describe('falseAlarms', () => {
  it('is the share of held-out normal images that score at least as high', () => {
    const rate = (score: number) => falseAlarms(cut(1, [1, 2, 2, 3]), score).falseAlarmRate;
    expect([0, 2, 2.5, 3, 4].map(rate)).toEqual([1, 0.75, 0.25, 0.25, 0]);
    expect(falseAlarms(cut(1, []), 1)).toEqual({ falseAlarmRate: null, heldOutImages: 0 });
    expect(() => falseAlarms(cut(1), Number.NaN)).toThrow(DomainError);
  });
});
