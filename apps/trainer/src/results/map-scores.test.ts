/** @file Imported image scores against the maps that came with them. */
import type { Sample } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { gaussianSmooth } from '../training/export/plain-maps.ts';
import { mapScores, smoothedMaximum } from './map-scores.ts';

const SIDE = 24;

test('the maximum of the smoothed map, as the parity check smooths', () => {
  const map = Float32Array.from(
    { length: SIDE * SIDE },
    (_, i) => Math.sin(i * 7.3) + (i === 40 ? 9 : 0),
  );
  const smooth = gaussianSmooth(Float64Array.from(map), { height: SIDE, width: SIDE }, 4);
  expect(smoothedMaximum(map, SIDE)).toBeCloseTo(
    smooth.reduce((a, b) => Math.max(a, b)),
    5,
  );
});

const sample = (label: Sample['label'], category = 'bolt') => ({ label, category }) as Sample;
const flat = (value: number) => new Float32Array(SIDE * SIDE).fill(value);

test('scores on another scale pass, scores that rank better or worse than the maps are marked', () => {
  const same = mapScores(SIDE);
  const other = mapScores(SIDE);
  for (const [label, value] of [
    ['normal', 1],
    ['normal', 3],
    ['anomalous', 2],
    ['anomalous', 4],
  ] as const) {
    same.add(sample(label), 100 * value - 7, flat(value));
    other.add(sample(label), label === 'normal' ? 0 : 1, flat(value));
  }
  expect(same.check()).toMatchObject({ status: 'passed' });
  expect(other.check()).toMatchObject({
    status: 'marked',
    message: expect.stringContaining('with that the mean image AUROC is 75.0, not 100.0'),
  });
});

test('without two labels in a category nothing can be compared', () => {
  const scores = mapScores(SIDE);
  scores.add(sample('normal'), 1, flat(1));
  scores.add(sample('anomalous', 'nut'), 1, flat(1));
  expect(scores.check().status).toBe('not checked');
});
