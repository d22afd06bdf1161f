/** @file Regions and AUPRO: the weight of a region, 8-connectivity, known values, undefined cases. */
import { DomainError } from '@plumbline/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aupro, connectedRegions } from '../index.ts';

const height = 12;
const width = 9;
const pixels = height * width;
const at30 = { height, width, limit: 0.3 };

/** Two to four images with quantised scores and sparse masks; at least one region, and some normal pixels. */
const scoredImages = fc
  .array(
    fc.record({
      map: fc.array(fc.integer({ min: -8, max: 8 }), { minLength: pixels, maxLength: pixels }),
      mask: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: pixels, maxLength: pixels }),
    }),
    { minLength: 2, maxLength: 4 },
  )
  .map((images) => ({
    maps: images.map(({ map }) => Float32Array.from(map, (score) => score / 4)),
    masks: images.map(({ mask }) => Uint8Array.from(mask, (value) => (value === 5 ? 1 : 0))),
  }))
  .filter(({ masks }) => masks.some((mask) => mask.includes(1)));

/** The definition, one threshold after the other. */
function slowAupro(maps: Float32Array[], masks: Uint8Array[], limit: number): number {
  const regions = masks.map((mask) => connectedRegions(mask, height, width));
  const thresholds = [...new Set(maps.flatMap((map) => [...map]))].sort((a, b) => b - a);
  const curve: [number, number][] = [[0, 0]];
  for (const threshold of thresholds) {
    let normal = 0;
    let alarms = 0;
    const overlaps: number[] = [];
    maps.forEach((map, m) => {
      const { labels, count } = regions[m] ?? { labels: new Int32Array(0), count: 0 };
      for (let region = 0; region <= count; region += 1) {
        const inside = [...map].filter((_, i) => labels[i] === region);
        const hit = inside.filter((score) => score >= threshold).length;
        if (region > 0) overlaps.push(hit / inside.length);
        else [normal, alarms] = [normal + inside.length, alarms + hit];
      }
    });
    curve.push([alarms / normal, overlaps.reduce((a, b) => a + b, 0) / overlaps.length]);
  }
  let area = 0;
  for (let k = 1; k < curve.length; k += 1) {
    const [fromRate = 0, from = 0] = curve[k - 1] ?? [];
    const [toRate = 0, to = 0] = curve[k] ?? [];
    const end = Math.min(limit, toRate);
    if (end <= fromRate) continue;
    const atEnd = from + ((to - from) * (end - fromRate)) / (toRate - fromRate);
    area += ((from + atEnd) / 2) * (end - fromRate);
  }
  return area / limit;
}

describe('AUPRO', () => {
  test('equals the definition at any limit', () => {
    const limits = fc.constantFrom(0.01, 0.05, 0.3, 1);
    fc.assert(
      fc.property(scoredImages, limits, ({ maps, masks }, limit) => {
        const exact = aupro(maps, masks, { height, width, limit });
        expect(exact).toBeCloseTo(slowAupro(maps, masks, limit), 10);
      }),
      { numRuns: 40 },
    );
  });

  test('a strictly monotone map of the scores changes nothing', () => {
    fc.assert(
      fc.property(scoredImages, ({ maps, masks }) => {
        const mapped = maps.map((map) => map.map((score) => score ** 3 + score));
        expect(aupro(mapped, masks, at30)).toBe(aupro(maps, masks, at30));
      }),
    );
  });

  test('the order of images changes nothing', () => {
    fc.assert(
      fc.property(scoredImages, ({ maps, masks }) => {
        const reversed = aupro([...maps].reverse(), [...masks].reverse(), at30);
        expect(reversed).toBeCloseTo(Number(aupro(maps, masks, at30)), 12);
      }),
    );
  });

  test('perfect 1, inverted 0, constant 0.15 at 0.30', () => {
    fc.assert(
      fc.property(scoredImages, ({ masks }) => {
        const perfect = masks.map((mask) => Float32Array.from(mask));
        const inverted = masks.map((mask) => Float32Array.from(mask, (value) => -value));
        const constant = masks.map((mask) => new Float32Array(mask.length).fill(0.7));
        expect(aupro(perfect, masks, at30)).toBeCloseTo(1, 12);
        expect(aupro(inverted, masks, at30)).toBeCloseTo(0, 12);
        expect(aupro(constant, masks, at30)).toBeCloseTo(0.15, 12);
      }),
    );
  });

  test('a region of one pixel weighs as much as a big one', () => {
    const mask = new Uint8Array(pixels);
    mask.fill(1, 0, 5 * width); // five rows
    mask[pixels - 1] = 1; // one pixel
    const found = (big: number, small: number) => {
      const map = new Float32Array(pixels);
      map.fill(big, 0, 5 * width);
      map[pixels - 1] = small;
      return aupro([map], [mask], at30);
    };
    // Found: overlap 1 at once. Missed: ranked below every normal pixel, so it adds nothing.
    expect(found(1, -1)).toBeCloseTo(0.5, 12);
    expect(found(-1, 1)).toBeCloseTo(0.5, 12);
  });

  test('a region of one pixel weighs as much as one of ten thousand', () => {
    const large = { height: 128, width: 128, limit: 0.3 };
    const mask = new Uint8Array(large.height * large.width);
    for (let row = 0; row < 100; row++) mask.fill(1, row * large.width, row * large.width + 100);
    mask[mask.length - 1] = 1;
    expect(connectedRegions(mask, large.height, large.width).count).toBe(2);
    const found = (big: number, small: number) => {
      const map = Float32Array.from(mask, (value) => value * big);
      map[map.length - 1] = small;
      return aupro([map], [mask], large);
    };
    expect(found(1, -1)).toBeCloseTo(0.5, 12);
    expect(found(-1, 1)).toBeCloseTo(0.5, 12);
    expect(found(1, 1)).toBeCloseTo(1, 12);
  });

  test('is undefined without regions or without normal pixels', () => {
    const map = new Float32Array(pixels);
    expect(aupro([map], [new Uint8Array(pixels)], at30)).toBeNull();
    expect(aupro([map], [new Uint8Array(pixels).fill(1)], at30)).toBeNull();
    expect(aupro([], [], at30)).toBeNull();
  });

  test('refuses what does not fit, naming it', () => {
    const map = new Float32Array(pixels);
    const mask = new Uint8Array(pixels);
    const broken = map.slice();
    broken[width + 2] = Number.NaN;
    expect(() => aupro([map, broken], [mask, mask], at30)).toThrow(/map 1 .* row 1, column 2/);
    expect(() => aupro([map.subarray(1)], [mask], at30)).toThrow(/map 0 has 107 pixels/);
    expect(() => aupro([map], [mask.subarray(1)], at30)).toThrow(/mask of map 0 has 107/);
    expect(() => aupro([map], [], at30)).toThrow(/1 anomaly maps for 0 masks/);
    expect(() => aupro([map], [mask], { height, width, limit: 0 })).toThrow(DomainError);
  });
});

describe('connectedRegions', () => {
  test('pixels that touch at a corner are one region; row ends do not touch row starts', () => {
    const mask = Uint8Array.of(
      ...[1, 0, 0, 255],
      ...[0, 1, 0, 0],
      ...[1, 0, 0, 0], //
    );
    const { labels, count } = connectedRegions(mask, 3, 4);
    expect(count).toBe(2);
    expect([...labels]).toEqual([1, 0, 0, 2, 0, 1, 0, 0, 1, 0, 0, 0]);
  });

  test('a full mask is one region, an empty one has none', () => {
    expect(connectedRegions(new Uint8Array(pixels).fill(1), height, width).count).toBe(1);
    expect(connectedRegions(new Uint8Array(pixels), height, width).count).toBe(0);
  });

  test('refuses a mask of another size', () => {
    expect(() => connectedRegions(new Uint8Array(5), 2, 3)).toThrow(/5 pixels, not 2 x 3/);
  });
});
