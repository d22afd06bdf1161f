import type { ImageResult, ThresholdProfile } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { chooseResultImages } from './result-images.ts';

const threshold = (imageThreshold: number) => ({
  imageThreshold,
  pixelThreshold: 1,
  heldOutScores: [],
});
const thresholds: ThresholdProfile = {
  rule: 'for tests',
  falseAlarmTarget: 0.01,
  pooled: threshold(10),
  categories: { bolt: threshold(2) },
};

function image(
  path: string,
  label: ImageResult['label'],
  imageScore: number,
  category = 'bolt',
): ImageResult {
  return { path, category, label, defectType: null, sha256: 'ab'.repeat(32), imageScore };
}

test('are two hardest and two clearest anomalous ones and the two most anomalous normal ones, by ratio', () => {
  const images = [
    image('a', 'anomalous', 1),
    image('b', 'anomalous', 9, 'constructor'), // 0.9 of the pooled threshold
    image('c', 'anomalous', 4),
    image('d', 'anomalous', 8),
    image('e', 'anomalous', 6),
    image('n', 'normal', 1.9),
    image('o', 'normal', 2),
    image('p', 'normal', 9.4, 'constructor'),
  ];
  const chosen = chooseResultImages(images, thresholds);
  expect(
    chosen.map(({ path, kind, scoreRatio, predictedLabel }) => [
      path,
      kind,
      scoreRatio,
      predictedLabel,
    ]),
  ).toEqual([
    ['a', 'hardest', 0.5, 'normal'],
    ['b', 'hardest', 0.9, 'normal'],
    ['d', 'clearest', 4, 'anomalous'],
    ['e', 'clearest', 3, 'anomalous'],
    ['o', 'normal', 1, 'anomalous'],
    ['n', 'normal', 0.95, 'normal'],
  ]);
});

test('are fewer where the test split has fewer, and none twice', () => {
  const images = [
    image('a', 'anomalous', 1),
    image('b', 'anomalous', 3),
    image('c', 'anomalous', 2),
  ];
  expect(chooseResultImages(images, thresholds).map(({ path }) => path)).toEqual(['a', 'c', 'b']);
  expect(chooseResultImages([], thresholds)).toEqual([]);
});
