/** @file The color scale, heatmaps and thumbnails. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { colorAt } from './color-scale.ts';
import { decodeImage } from './decode-image.ts';
import { renderHeatmap, renderThumbnail } from './render-heatmap.ts';
import { makeImage } from './testing/dataset-files.ts';

describe('colorAt', () => {
  it('grows lighter all along, from black to pale yellow', () => {
    const lightness = Array.from({ length: 101 }, (_, i) => {
      const [red, green, blue] = colorAt(i / 100);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
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

describe('renderHeatmap', () => {
  const image = { width: 8, height: 4, data: new Uint8Array(8 * 4 * 3).fill(100) };
  const render = async (values: number[], low = 0, high = 1) =>
    decodeImage(
      await renderHeatmap({
        image,
        anomalyMap: new Float32Array(values),
        mapHeight: 1,
        mapWidth: 2,
        low,
        high,
      }),
      'heatmap.png',
    );

  it('has the image’s size and leaves it as it is where nothing is anomalous', async () => {
    const picture = await render([-5, 0]);
    expect(picture).toMatchObject({ width: 8, height: 4 });
    expect([...picture.data]).toEqual([...image.data]);
  });

  it('blends 80 % of the top color at and above the top of the scale', async () => {
    const expected = colorAt(1).map((value) => Math.round(0.2 * 100 + 0.8 * value));
    expect([...(await render([1, 90])).data.subarray(0, 3)]).toEqual(expected);
  });

  it('interpolates between map cells with half-pixel centers', async () => {
    const { data } = await render([0, 1]);
    const red = Array.from({ length: 8 }, (_, x) => data[x * 3] ?? 0);
    const place = [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1];
    expect(red).toEqual(
      place.map((t) => Math.round(100 * (1 - 0.8 * t) + 0.8 * t * colorAt(t)[0])),
    );
  });

  it('does without a range, and treats NaN as the start of the scale', async () => {
    expect([...(await render([3, 3], 3, 3)).data.subarray(0, 3)]).not.toEqual([100, 100, 100]);
    expect([...(await render([Number.NaN, Number.NaN])).data]).toEqual([...image.data]);
  });

  it('refuses a map of another size', async () => {
    await expect(render([1, 2, 3])).rejects.toThrow(RangeError);
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
