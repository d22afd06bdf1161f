/** @file AUPIMO: the definition threshold by threshold, known values, what changes nothing, undefined cases. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AUPIMO_BOUNDS, aupimo } from '../index.ts';

/** The definition: the recall curve of each image over every distinct normal score, integrated piece by piece. */
function slowAupimo(
  maps: Float32Array[],
  masks: (Uint8Array | null)[],
  lower: number,
  upper: number,
) {
  const normal = maps.filter((_, index) => masks[index] === null).flatMap((map) => [...map]);
  const values: number[] = [];
  maps.forEach((map, index) => {
    const mask = masks[index];
    if (!mask?.includes(1)) return;
    const inside = [...map].filter((_, i) => mask[i] === 1);
    // From rate k/N to (k+1)/N the lowest threshold with at most k normal pixels decides.
    const rateOf = (threshold: number) =>
      normal.filter((score) => score >= threshold).length / normal.length;
    const recallAt = (rate: number) =>
      inside.filter((score) => rateOf(score) <= rate + 1e-15).length / inside.length;
    let area = 0;
    for (let k = 0; k <= normal.length; k += 1) {
      const from = Math.max(lower, k / normal.length);
      const to = Math.min(upper, (k + 1) / normal.length);
      if (to > from) area += recallAt(k / normal.length) * Math.log(to / from);
    }
    values.push(area / Math.log(upper / lower));
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 40,000 normal pixels, so that between one and four of them may be alarms within the bounds. */
const side = 200;
const pixels = side * side;
const normalMap = (scores: readonly number[]) => {
  const map = new Float32Array(pixels).fill(-50);
  scores.forEach((score, index) => {
    map[(index * 7919) % pixels] = score;
  });
  return map;
};
const highScores = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 6, maxLength: 30 });
const anomalousImage = fc.record({
  scores: fc.array(fc.integer({ min: -9, max: 12 }), { minLength: 20, maxLength: 20 }),
  mask: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 20, maxLength: 20 }),
});
const cases = fc
  .record({ high: highScores, images: fc.array(anomalousImage, { minLength: 1, maxLength: 3 }) })
  .filter(({ images }) => images.some(({ mask }) => mask.includes(1)))
  .map(({ high, images }) => ({
    maps: [normalMap(high), ...images.map(({ scores }) => Float32Array.from(scores))],
    masks: [null, ...images.map(({ mask }) => Uint8Array.from(mask))],
  }));

test('equals the definition', () => {
  const { lower, upper } = AUPIMO_BOUNDS;
  fc.assert(
    fc.property(cases, ({ maps, masks }) => {
      expect(aupimo(maps, masks)).toBeCloseTo(slowAupimo(maps, masks, lower, upper), 10);
    }),
    { numRuns: 20 },
  );
});

test('by hand: one pixel below the highest of 40,000 normal ones, one below the second, one above all', () => {
  const maps = [normalMap([5, 4, 3, 2, 1, 0]), Float32Array.of(6, 4.5, 3.5, -60)];
  const masks = [null, Uint8Array.of(1, 1, 1, 0)];
  const share = (rate: number) => Math.log(1e-4 / rate) / Math.log(10);
  const expected = (1 + share(1 / 40_000) + share(2 / 40_000)) / 3;
  expect(aupimo(maps, masks)).toBeCloseTo(expected, 12);
});

test('a strictly monotone map of the scores, or another order of images, changes nothing', () => {
  fc.assert(
    fc.property(cases, ({ maps, masks }) => {
      const before = aupimo(maps, masks);
      expect(
        aupimo(
          maps.map((map) => map.map((x) => x ** 3 + x)),
          masks,
        ),
      ).toBe(before);
      const turned = aupimo([...maps].reverse(), [...masks].reverse());
      expect(turned).toBeCloseTo(before ?? Number.NaN, 12);
    }),
    { numRuns: 20 },
  );
});

describe('known values', () => {
  const normal = normalMap([0, -1]);
  const mask = Uint8Array.of(1, 1, 0, 0);
  test.each([
    ['perfect', Float32Array.of(1, 2, -9, -9), 1],
    ['inverted', Float32Array.of(-90, -90, 9, 9), 0],
    ['constant', new Float32Array(4).fill(-50), 0],
  ])('%s is %d', (_, map, expected) => {
    expect(aupimo([normal, map], [null, mask])).toBe(expected);
  });

  test('images weigh the same, however large their anomalies', () => {
    const found = Float32Array.of(9, -90, -90, -90);
    const missed = new Float32Array(4).fill(-90);
    const masks = [null, Uint8Array.of(1, 0, 0, 0), new Uint8Array(4).fill(1)];
    expect(aupimo([normal, found, missed], masks)).toBe(0.5);
  });

  test('normal pixels of anomalous images are no alarms', () => {
    const map = Float32Array.of(1, 2, 99, 99);
    expect(aupimo([normal, map], [null, mask])).toBe(1);
  });

  test('undefined without normal images or without an anomalous pixel', () => {
    expect(aupimo([new Float32Array(4)], [mask])).toBeNull();
    expect(aupimo([normal], [null])).toBeNull();
    expect(aupimo([normal, new Float32Array(4)], [null, new Uint8Array(4)])).toBeNull();
  });

  test('undefined with fewer than 10,000 normal pixels: one of them is a rate above 0.0001', () => {
    const map = Float32Array.of(1, 2, 0, 0);
    const of = (pixels: number) => aupimo([new Float32Array(pixels), map], [null, mask]);
    expect(of(9999)).toBeNull();
    expect(of(10_000)).toBe(1);
    expect(
      aupimo([...Array(3).fill(new Float32Array(64 * 64)), map], [null, null, null, mask]),
    ).toBe(1);
  });
});
