/** @file Points of the chart of scores. */
import type { Inspection } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { scorePoints } from './score-points.ts';

const one = (second: number, imageScore: number, threshold = 2): Inspection => ({
  ...{ id: null, at: `2026-11-28T00:00:0${second}.000Z`, version: 1, category: 'screw' },
  ...{ imageScore, threshold, uncertain: false, verdict: null, verdictBy: null, image: null },
  predictedLabel: imageScore >= threshold ? 'anomalous' : 'normal',
  ...{ width: null, height: null, brightness: null, sharpness: null },
});

test('scores as they are, oldest first, by label, with the threshold of each', () => {
  const points = scorePoints([one(2, 3), one(1, 1, 4)], false);
  expect(points.times[1]! - points.times[0]!).toBe(1);
  expect(points).toMatchObject({ normal: [1, null], anomalous: [null, 3], thresholds: [4, 2] });
});

test('multiples of thresholds; a threshold of 0 has none', () => {
  expect(scorePoints([one(3, 1, 0), one(2, 3), one(1, 1, 4)], true)).toMatchObject({
    ...{ normal: [0.25, null, null], anomalous: [null, 1.5, null], thresholds: [1, 1, 1] },
  });
});
