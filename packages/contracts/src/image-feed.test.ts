import { expect, test } from 'vitest';
import { imageFeed } from './image-feed.ts';

const wide = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
const other = { width: 2, height: 1, data: Uint8Array.of(7, 8, 9, 10, 11, 12) };

test('one image is its own batch, uncopied', () => {
  const { image } = imageFeed([wide]);
  expect(image).toEqual({ dtype: 'uint8', shape: [1, 1, 2, 3], data: wide.data });
  expect(image?.data).toBe(wide.data);
});

test('images of one shape follow each other', () => {
  const { image } = imageFeed([wide, other]);
  expect(image?.shape).toEqual([2, 1, 2, 3]);
  expect(image?.data).toEqual(Uint8Array.from([...wide.data, ...other.data]));
});

test('images of different shapes are no batch', () => {
  expect(() => imageFeed([wide, { ...other, width: 1, height: 2 }])).toThrow('1 × 2 in a batch');
});
