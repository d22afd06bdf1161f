/** @file Heatmaps and thumbnails. */
import { dimmedGray, heatmapPaint, heatmapScale, type PaintScale } from '@plumbline/contracts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { makeImage } from '../testing/dataset-files.ts';
import { decodeImage } from './decode-image.ts';
import { renderHeatmap, renderThumbnail } from './render-heatmap.ts';
import type { RgbImage } from './rgb-image.ts';

describe('renderHeatmap', () => {
  const image = grayImage(8, 4, 100);
  const render = async (values: number[], scale: PaintScale = { low: 0, high: 1 }) =>
    decodeImage(
      await renderHeatmap({
        image,
        anomalyMap: new Float32Array(values),
        mapHeight: 1,
        mapWidth: 2,
        ...scale,
      }),
      'heatmap.png',
    );

  it('has the image’s size, and its structure in dimmed gray where nothing is anomalous', async () => {
    const picture = await render([-5, 0]);
    expect(picture).toMatchObject({ width: 8, height: 4 });
    const gray = Math.round(dimmedGray(100, 100, 100));
    expect([...picture.data]).toEqual(new Array(image.data.length).fill(gray));
  });

  it('paints as the legend does, over the photo', async () => {
    const scale = { low: 0, high: 1 };
    const { color, opacity } = heatmapPaint(1, scale);
    const gray = dimmedGray(100, 100, 100);
    const expected = color.map((value) => Math.round(gray * (1 - opacity) + value * opacity));
    expect([...(await render([1, 90], scale)).data.subarray(0, 3)]).toEqual(expected);
  });

  it('interpolates between map cells with half-pixel centers', async () => {
    const { data } = await render([0, 1]);
    const red = Array.from({ length: 8 }, (_, x) => data[x * 3] ?? 0);
    const gray = dimmedGray(100, 100, 100);
    for (const [x, place] of [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1].entries()) {
      const { color, opacity } = heatmapPaint(place, { low: 0, high: 1 });
      expect(red[x]).toBeCloseTo(gray * (1 - opacity) + color[0] * opacity, -0.5);
    }
  });

  it('does without a range, and treats NaN as the start of the scale', async () => {
    const gray = Math.round(dimmedGray(100, 100, 100));
    const flat = await render([3, 3], { low: 3, high: 3 });
    expect([...flat.data.subarray(0, 3)]).not.toEqual([gray, gray, gray]);
    const none = await render([Number.NaN, Number.NaN], { low: 0, high: 2, threshold: 1 });
    expect([...none.data]).toEqual(new Array(image.data.length).fill(gray));
  });

  it('draws no line through a map that only comes near the threshold', async () => {
    const { data } = await render([0.99, 0.995], { low: 0, high: 2, threshold: 1 });
    const white = [...data].filter((value) => value > 240);
    expect(white).toEqual([]);
  });

  it('refuses a map of another size', async () => {
    await expect(render([1, 2, 3])).rejects.toThrow(RangeError);
  });
});

describe.each([
  ['dark', 8],
  ['gray', 128],
  ['white', 252],
])('a defect on a %s picture', (_name, level) => {
  const SIDE = 96;
  const CENTER = 47.5;
  /** Of a cone whose top is 1.2 times the threshold; normal texture is at 0.6. */
  const value = (x: number, y: number) =>
    Math.max(0.6, 1.2 - 0.015 * Math.hypot(x - CENTER, y - CENTER));
  const CONTOUR = (1.2 - 1) / 0.015;
  const anomalyMap = Float32Array.from({ length: SIDE * SIDE }, (_, at) =>
    value(at % SIDE, Math.floor(at / SIDE)),
  );
  const draw = async (pixelThreshold = 1) =>
    decodeImage(
      await renderHeatmap({
        image: grayImage(SIDE, SIDE, level),
        anomalyMap,
        mapHeight: SIDE,
        mapWidth: SIDE,
        ...heatmapScale(pixelThreshold),
      }),
      'heatmap.png',
    );
  const at = ({ data }: RgbImage, distance: number, angle: number) => {
    const x = Math.round(CENTER + distance * Math.cos(angle));
    const y = Math.round(CENTER + distance * Math.sin(angle));
    return [...data.subarray((y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3)];
  };
  const angles = Array.from({ length: 24 }, (_, index) => (index * Math.PI) / 12);

  it('differs clearly from its surroundings, which stay as quiet as the picture', async () => {
    const picture = await draw();
    const gray = Math.round(dimmedGray(level, level, level));
    for (const angle of angles) {
      const inside = at(picture, CONTOUR / 2, angle);
      const outside = at(picture, 45, angle);
      expect(outside).toEqual([gray, gray, gray]);
      expect(colorDifference(inside, outside)).toBeGreaterThan(30);
    }
  });

  it('is surrounded by a bright line between dark ones', async () => {
    const picture = await draw();
    for (const angle of angles) {
      const walk = Array.from({ length: 25 }, (_, step) => at(picture, 6 + step / 2, angle));
      const brightest = walk.reduce((best, rgb) => (lightness(rgb) > lightness(best) ? rgb : best));
      const place = 6 + walk.indexOf(brightest) / 2;
      expect(lightness(brightest)).toBeGreaterThan(75);
      expect(Math.abs(place - CONTOUR)).toBeLessThan(1.5);
      const beside = (from: number, to: number) =>
        Math.min(
          ...walk.filter((_, step) => 6 + step / 2 > from && 6 + step / 2 < to).map(lightness),
        );
      expect(beside(place, place + 4)).toBeLessThan(lightness(brightest) - 40);
      expect(beside(place - 4, place)).toBeLessThan(lightness(brightest) - 40);
    }
  });

  it('is neither colored nor outlined where the threshold is far above it', async () => {
    const picture = await draw(2);
    const gray = Math.round(dimmedGray(level, level, level));
    expect(new Set(picture.data)).toEqual(new Set([gray]));
  });
});

describe('renderThumbnail', () => {
  it('is a WebP whose longer side fits, never enlarged', async () => {
    const small = await sharp(
      await renderThumbnail(await makeImage(1, { width: 90, height: 40 }), 30),
    ).metadata();
    expect(small).toMatchObject({ format: 'webp', width: 30, height: 13 });
    const same = await sharp(await renderThumbnail(await makeImage(1), 300)).metadata();
    expect(same).toMatchObject({ width: 24, height: 16 });
  });

  it('refuses what is no image', async () => {
    await expect(renderThumbnail(Buffer.from('text'), 30)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

function grayImage(width: number, height: number, level: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(level) };
}

/** CIE 1976: 2.3 is just noticeable. */
function colorDifference(a: readonly number[], b: readonly number[]): number {
  const [one, other] = [cieLab(a), cieLab(b)];
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function lightness(rgb: readonly number[]): number {
  return cieLab(rgb)[0];
}

/** CIELAB of sRGB under D65: lightness 0 to 100, then green to red and blue to yellow. */
function cieLab(rgb: readonly number[]): [number, number, number] {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const root = (value: number) =>
    value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
