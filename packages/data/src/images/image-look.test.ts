/** @file Brightness and sharpness by hand, and their independence of the size of an image. */
import { expect, test } from 'vitest';
import { imageLook } from './image-look.ts';

function gray(width: number, height: number, value: (x: number, y: number) => number) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.fill(value(x, y), (y * width + x) * 3, (y * width + x) * 3 + 3);
  return { width, height, data };
}

test('one bright pixel of 4 × 3, by hand', () => {
  // Laplacians of the two inner pixels: -4 · 120 and 120; their variance is 300².
  const look = imageLook(gray(4, 3, (x, y) => (x === 1 && y === 1 ? 120 : 0)));
  expect(look).toMatchObject({ width: 4, height: 3 });
  expect(look.brightness).toBeCloseTo(10, 5);
  expect(look.sharpness).toBeCloseTo(90_000, 0);
});

test('red, green and blue weigh as in BT.601', () => {
  const data = new Uint8Array([255, 0, 0, 0, 255, 0, 0, 0, 255]);
  expect(imageLook({ width: 3, height: 1, data }).brightness).toBeCloseTo(85, 3);
});

test('a larger picture of the same looks the same, a blurred one is less sharp', () => {
  const wave = (period: number) => (x: number, y: number) =>
    Math.round(
      128 + 60 * Math.sin((2 * Math.PI * x) / period) * Math.cos((2 * Math.PI * y) / period),
    );
  const [small, large] = [
    imageLook(gray(256, 128, wave(16))),
    imageLook(gray(1024, 512, wave(64))),
  ];
  expect(large.brightness).toBeCloseTo(small.brightness, 0);
  expect(large.sharpness / small.sharpness).toBeCloseTo(1, 0);
  expect(imageLook(gray(256, 128, wave(48))).sharpness).toBeLessThan(small.sharpness / 10);
});

test('a flat image has no sharpness, and neither has a line of pixels', () => {
  expect(imageLook(gray(300, 300, () => 77))).toMatchObject({ brightness: 77, sharpness: 0 });
  expect(imageLook(gray(500, 1, (x) => x % 256)).sharpness).toBe(0);
});
