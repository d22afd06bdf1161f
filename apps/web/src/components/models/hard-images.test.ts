/** @file Tests of the choice of hard images and of the score bar. */
import type { ImageResult, ThresholdProfile } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { barPlaces } from '../inspect/bar-places.ts';
import { hardImages, imageThresholdOf } from './hard-images.ts';

const cut = (imageThreshold: number) => ({ imageThreshold, pixelThreshold: 1, heldOutScores: [] });
const THRESHOLDS: ThresholdProfile = {
  rule: 'test',
  falseAlarmTarget: 0.05,
  pooled: cut(10),
  categories: { nut: cut(1) },
};

function image(category: string, label: ImageResult['label'], imageScore: number): ImageResult {
  const path = `${category}/${label}/${imageScore}`;
  return { path, category, label, defectType: null, sha256: '0'.repeat(64), imageScore };
}

describe('hardImages', () => {
  it('compares each score with its own threshold', () => {
    const images = [
      image('nut', 'normal', 2),
      image('bolt', 'normal', 11),
      image('nut', 'anomalous', 0.9),
      image('bolt', 'anomalous', 5),
    ];
    const hard = hardImages(images, THRESHOLDS, 1);
    expect(hard.normal.map((one) => one.path)).toEqual(['nut/normal/2']);
    expect(hard.anomalous.map((one) => one.path)).toEqual(['bolt/anomalous/5']);
    expect(imageThresholdOf(images[1]!, THRESHOLDS)).toBe(10);
  });
});

describe('barPlaces', () => {
  it('keeps both inside the bar', () => {
    expect(barPlaces(4, 8)).toEqual({ score: 0.4, cut: 0.8 });
    expect(barPlaces(0, 0)).toEqual({ score: 0, cut: 0 });
    const negative = barPlaces(-2, 2);
    expect(negative.score).toBe(0);
    expect(negative.cut).toBeCloseTo(0.8);
  });
});
