/** @file The legend has the colors of the heatmap, and the threshold where they say. */
import { dimmedGray, heatmapPaint, heatmapScale } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { legendGradient, legendStart, thresholdPlace } from './legend-gradient.ts';

function stopsOf(gradient: string): { rgb: number[]; place: number }[] {
  return gradient.split(', ').map((stop) => {
    const [, red, green, blue, place] = /^rgb\((\d+) (\d+) (\d+)\) ([\d.]+)%$/.exec(stop) ?? [];
    return { rgb: [Number(red), Number(green), Number(blue)], place: Number(place) };
  });
}

describe('the legend of a heatmap', () => {
  const scale = heatmapScale(40);

  it('runs from zero to the top of the scale, with the threshold in the middle', () => {
    expect(legendStart(scale)).toBe(0);
    expect(thresholdPlace(scale)).toBe(0.5);
  });

  it('is gray below the colors, and has the color of the threshold where it is marked', () => {
    const stops = stopsOf(legendGradient(scale));
    const gray = Math.round(dimmedGray(128, 128, 128));
    for (const { rgb, place } of stops) if (place <= 37) expect(rgb).toEqual([gray, gray, gray]);
    const { color, opacity } = heatmapPaint(40, scale);
    const middle = stops.find((stop) => stop.place === 50)?.rgb;
    expect(middle?.[0]).toBe(Math.round(gray + (color[0] - gray) * opacity));
    expect(stops.at(-1)?.place).toBe(100);
  });

  it('begins at the lowest value and marks nothing where there is no threshold', () => {
    expect(legendStart({ low: 3, high: 9 })).toBe(3);
    expect(thresholdPlace({ low: 3, high: 9 })).toBe(null);
    expect(stopsOf(legendGradient({ low: 3, high: 9 }))).toHaveLength(49);
  });
});
