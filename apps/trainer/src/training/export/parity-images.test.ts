import type { RgbImage } from '@plumbline/data';
import { describe, expect, it } from 'vitest';
import {
  cutToWindow,
  imagesOfDifferentShapes,
  imagesOfOneShape,
  resizeNearest,
} from './parity-images.ts';

/** Red is the row, green the column. */
function image(height: number, width: number): RgbImage {
  const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [Math.floor(pixel / width), pixel % width, 7][i % 3]!;
  });
  return { height, width, data };
}

const red = ({ data }: RgbImage) => Array.from(data).filter((_, i) => i % 3 === 0);

describe('parity images', () => {
  it('cuts around the middle and repeats the border', () => {
    expect(red(cutToWindow(image(5, 1), 3, 1))).toEqual([1, 2, 3]);
    expect(red(cutToWindow(image(2, 1), 4, 1))).toEqual([0, 0, 1, 1]);
  });

  it('resizes to the nearest pixel', () => {
    expect(red(resizeNearest(image(2, 1), 4, 1))).toEqual([0, 0, 1, 1]);
    expect(red(resizeNearest(image(4, 2), 2, 1))).toEqual([1, 3]);
  });

  it('gives every image a shape of its own, also when all had the same', () => {
    const made = imagesOfDifferentShapes(Array.from({ length: 20 }, () => image(30, 30)));
    const shapes = made.map(({ height, width }) => `${height}×${width}`);
    expect(new Set(shapes).size).toBe(20);
    expect(shapes[0]).toBe('30×30');
    for (const { height, width, data } of made) expect(data.length).toBe(height * width * 3);
  });

  it('gives every image the shape asked for', () => {
    for (const made of imagesOfOneShape([image(30, 20), image(9, 70)], 24, 31))
      expect([made.height, made.width, made.data.length]).toEqual([24, 31, 24 * 31 * 3]);
  });
});
