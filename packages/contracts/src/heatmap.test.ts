/** @file The colors of heatmaps. */
import { describe, expect, it } from 'vitest';
import { colorAt, dimmedGray, heatmapPaint, heatmapScale } from './heatmap.ts';

const luminance = ([red, green, blue]: readonly number[]) =>
  0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);

describe('colorAt', () => {
  it('grows lighter all along, from black to pale yellow', () => {
    const lightness = Array.from({ length: 101 }, (_, i) => luminance(colorAt(i / 100)));
    for (let i = 1; i < lightness.length; i++) {
      expect(lightness[i]).toBeGreaterThanOrEqual((lightness[i - 1] ?? 0) - 0.3);
    }
    expect(colorAt(0)).toEqual([0, 0, 0]);
    expect(Math.min(...colorAt(1).slice(0, 2))).toBeGreaterThan(240);
  });

  it('is clamped, and NaN is its start', () => {
    expect(colorAt(-3)).toEqual(colorAt(0));
    expect(colorAt(7)).toEqual(colorAt(1));
    expect(colorAt(Number.NaN)).toEqual(colorAt(0));
  });
});

describe('heatmapPaint', () => {
  const scale = heatmapScale(40);

  it('runs on multiples of the pixel threshold, whatever its size', () => {
    expect(scale).toEqual({ low: 30, high: 80, threshold: 40 });
    expect(heatmapPaint(44, scale)).toEqual(heatmapPaint(4.4, heatmapScale(4)));
  });

  it('paints nothing on normal texture, plain color at the threshold, and ever more above', () => {
    expect(heatmapPaint(30, scale).opacity).toBe(0);
    expect(heatmapPaint(34, scale).opacity).toBeLessThan(0.12);
    expect(heatmapPaint(40, scale).opacity).toBeCloseTo(0.6);
    const opacities = [41, 50, 60, 70, 80].map((value) => heatmapPaint(value, scale).opacity);
    expect(opacities).toEqual([...opacities].sort((a, b) => a - b));
    expect(heatmapPaint(4000, scale)).toEqual(heatmapPaint(80, scale));
    expect(heatmapPaint(Number.NaN, scale).opacity).toBe(0);
  });

  it('has color from its start: the photo has none', () => {
    const { color } = heatmapPaint(40, scale);
    expect(Math.max(...color) - Math.min(...color)).toBeGreaterThan(100);
  });

  it('runs evenly where there is no threshold', () => {
    const even = { low: 0, high: 10 };
    expect(heatmapPaint(0, even).opacity).toBe(0);
    expect(heatmapPaint(5, even).opacity).toBeCloseTo(heatmapPaint(10, even).opacity / 2);
  });

  it('without a range puts everything at or above it on top', () => {
    const none = { low: 3, high: 3, threshold: 3 };
    expect(heatmapPaint(2, none).opacity).toBe(0);
    expect(heatmapPaint(3, none).opacity).toBeCloseTo(0.85);
  });
});

describe('dimmedGray', () => {
  it('keeps the order of light and dark, away from black and from bright', () => {
    expect(dimmedGray(0, 0, 0)).toBe(24);
    expect(dimmedGray(255, 255, 255)).toBeCloseTo(151.5);
    expect(dimmedGray(0, 255, 0)).toBeGreaterThan(dimmedGray(255, 0, 0));
  });
});
