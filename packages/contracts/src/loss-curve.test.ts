import { describe, expect, it } from 'vitest';
import { bucketStepsFor, extendLossCurve, type LossCurve, MAX_LOSS_BUCKETS } from './loss-curve.ts';

const point = (step: number, loss: number, level = 'layer2') => ({ level, step, loss });

describe('bucketStepsFor', () => {
  it('keeps every step of a short run, and never has too many buckets', () => {
    expect(bucketStepsFor(0)).toBe(1);
    expect(bucketStepsFor(MAX_LOSS_BUCKETS - 1)).toBe(1);
    expect(bucketStepsFor(MAX_LOSS_BUCKETS)).toBe(2);
    expect(bucketStepsFor(290_000)).toBe(512);
  });
});

describe('extendLossCurve', () => {
  const known: LossCurve = {
    bucketSteps: 2,
    cursor: 3,
    points: [point(0, 5), point(1, 4), point(2, 3), point(2, 9, 'layer3')],
  };

  it('replaces the buckets that changed, of their level alone, and adds new ones', () => {
    const update = { bucketSteps: 2, cursor: 5, points: [point(2, 3), point(3, 2), point(4, 1)] };
    expect(extendLossCurve(known, update)).toEqual({
      bucketSteps: 2,
      cursor: 5,
      points: [point(0, 5), point(1, 4), point(2, 9, 'layer3'), ...update.points],
    });
  });

  it('takes the whole curve where buckets have grown', () => {
    const update = { bucketSteps: 4, cursor: 9, points: [point(3, 2)] };
    expect(extendLossCurve(known, update)).toBe(update);
  });
});
