/** @file Tests of the loss columns. */
import { describe, expect, it } from 'vitest';
import { lossSeries, lossTable } from './loss-series.ts';

const POINTS = [
  { level: 'stride 16', step: 20, loss: 2 },
  { level: 'stride 16', step: 10, loss: 3 },
  { level: 'stride 08', step: 10, loss: 5 },
];

describe('lossSeries', () => {
  it('aligns the levels on common steps', () => {
    const series = lossSeries(POINTS);
    expect(series).toEqual({
      levels: ['stride 08', 'stride 16'],
      steps: [10, 20],
      columns: [
        [5, null],
        [3, 2],
      ],
    });
  });
  it('is empty without points', () => expect(lossSeries([]).steps).toEqual([]));
});

describe('lossTable', () => {
  it('picks rows evenly with both ends', () => {
    const points = Array.from({ length: 100 }, (_, step) => ({ level: 'a', step, loss: step }));
    expect(lossTable(lossSeries(points), 4).map((row) => row.step)).toEqual([0, 33, 66, 99]);
    expect(lossTable(lossSeries(POINTS), 12).map((row) => row.losses)).toEqual([
      [5, 3],
      [null, 2],
    ]);
  });
});
