import { describe, expect, it } from 'vitest';
import { quantile } from '../evaluate/measure-latency.ts';
import { blendTiles } from './check-parity.ts';
import { gaussianSmooth, imageScoreOf, upsampleBilinear } from './plain-maps.ts';

describe('upsampleBilinear', () => {
  it('keeps corners and is linear between them', () => {
    const up = upsampleBilinear([0, 1, 2, 3], 2, 5, true);
    expect([up[0], up[4], up[20], up[24]]).toEqual([0, 1, 2, 3]);
    expect(up[12]).toBeCloseTo(1.5, 12);
  });

  it('without aligned corners repeats the border and is linear between centers', () => {
    // Centers of the two values lie at 1 and 3 of 4 pixels: pixel centers 0.5, 1.5, 2.5, 3.5.
    const up = upsampleBilinear([0, 4, 0, 4], 2, 4, false);
    expect([...up.subarray(0, 4)]).toEqual([0, 1, 3, 4]);
  });
});

describe('gaussianSmooth', () => {
  it('leaves a constant map as it is, borders included', () => {
    for (const value of gaussianSmooth(new Float64Array(400).fill(3), { height: 10, width: 40 }, 4))
      expect(value).toBeCloseTo(3, 12);
  });

  it('keeps the sum of an impulse', () => {
    const map = new Float64Array(64 * 64);
    map[3] = 1;
    expect(
      gaussianSmooth(map, { height: 64, width: 64 }, 4).reduce((sum, value) => sum + value, 0),
    ).toBeCloseTo(1, 10);
  });
});

describe('blendTiles', () => {
  it('fades from tile to tile, and gives one value everywhere where they agree', () => {
    const tiles = { rows: 2, columns: 2, overlapPx: 4 };
    const flat = (value: number) => new Float64Array(64).fill(value);
    const same = blendTiles([3, 3, 3, 3].map(flat), { imageSizePx: 8, tiles });
    expect(same.length).toBe(12 * 12);
    for (const value of same) expect(value).toBeCloseTo(3, 12);
    const map = blendTiles([0, 8, 0, 8].map(flat), { imageSizePx: 8, tiles });
    expect([...map.subarray(0, 12)]).toEqual([0, 0, 0, 0, 1, 3, 5, 7, 8, 8, 8, 8]);
  });
});

describe('imageScoreOf', () => {
  const map = Float64Array.from([9, 0, 0, 0, 0, 4, 4, 0, 0, 4, 4, 0, 0, 0, 0, 0]);

  it('is the maximum, the mean of the largest, or the largest mean of a square', () => {
    expect(imageScoreOf(map, { height: 4, width: 4 }, { kind: 'max' })).toBe(9);
    expect(
      imageScoreOf(map, { height: 4, width: 4 }, { kind: 'topShare', share: 0.2 }),
    ).toBeCloseTo((9 + 4 + 4) / 3);
    expect(imageScoreOf(map, { height: 4, width: 4 }, { kind: 'topShare', share: 0 })).toBe(9);
    expect(imageScoreOf(map, { height: 4, width: 4 }, { kind: 'pooledMax', side: 2 })).toBe(4);
    // Every second pixel from the second one on: 4, 0, 0, 0.
    const some = { kind: 'largest', count: 3, every: 2 } as const;
    expect(imageScoreOf(map, { height: 4, width: 4 }, some)).toBeCloseTo(4 / 3);
  });
});

describe('quantile', () => {
  it('interpolates', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([0, 10], 0.95)).toBeCloseTo(9.5, 12);
    expect(quantile([7], 0.95)).toBe(7);
  });
});
