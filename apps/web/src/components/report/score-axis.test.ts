/** @file Histograms in multiples of each category's threshold. */
import type { ImageResult, ThresholdProfile } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { ratioHistogram } from './score-axis.ts';

const cut = (imageThreshold: number) => ({ imageThreshold, pixelThreshold: 1, heldOutScores: [] });
const THRESHOLDS: ThresholdProfile = {
  rule: 'test',
  falseAlarmTarget: 0.01,
  pooled: cut(10),
  categories: { nut: cut(1), bolt: cut(40) },
};

function image(category: string, label: ImageResult['label'], imageScore: number): ImageResult {
  const path = `${category}/${label}/${imageScore}`;
  return { path, category, label, defectType: null, sha256: '0'.repeat(64), imageScore };
}

describe('ratioHistogram', () => {
  it('puts images of different categories side by side by their own thresholds', () => {
    const images = [
      image('nut', 'normal', 0.5),
      image('bolt', 'normal', 20),
      image('nut', 'anomalous', 1.5),
      image('bolt', 'anomalous', 60),
    ];
    expect(ratioHistogram(images, THRESHOLDS, 2)).toEqual({
      low: 0.5,
      high: 1.5,
      normal: [2, 0],
      anomalous: [0, 2],
    });
  });

  it('is null where there is nothing to divide by', () => {
    expect(ratioHistogram([], THRESHOLDS, 4)).toBe(null);
    const zero = { ...THRESHOLDS, categories: { nut: cut(0) } };
    expect(ratioHistogram([image('nut', 'normal', 1)], zero, 4)).toBe(null);
  });

  it('puts equal scores into one bin', () => {
    const images = [image('nut', 'normal', 2), image('nut', 'normal', 2)];
    expect(ratioHistogram(images, THRESHOLDS, 3)?.normal).toEqual([2, 0, 0]);
  });
});
