/** @file Small luminance pictures: area means at any size, and what re-encoding does to them. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { luminancePicture } from './luminance-picture.ts';

const png = (width: number, height: number, pixel: (x: number, y: number) => number) => {
  const gray = Buffer.from(
    Uint8Array.from({ length: width * height }, (_, i) => pixel(i % width, Math.floor(i / width))),
  );
  return sharp(gray, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
};

test('each pixel is the mean of its area, by hand', async () => {
  const picture = await luminancePicture(
    await png(3, 2, (x, y) => 60 * x + 20 * y),
    { path: 'a.png' },
    2,
  );
  // Columns 0 … 1.5 and 1.5 … 3: (0 + 60/2) / 1.5 = 20 and (60/2 + 120) / 1.5 = 100.
  const expected = [20, 100, 40, 120];
  expected.forEach((value, index) => {
    expect(picture[index]).toBeCloseTo(value, 4);
  });
});

test('smaller than the picture: pixels repeat', async () => {
  const picture = await luminancePicture(
    await png(2, 1, (x) => 100 + 50 * x),
    { path: 'a.png' },
    4,
  );
  for (let row = 0; row < 4; row += 1) {
    [100, 100, 150, 150].forEach((value, column) => {
      expect(picture[row * 4 + column]).toBeCloseTo(value, 4);
    });
  }
});

test('a resized JPEG gives nearly the picture of its original', async () => {
  const original = await png(150, 90, (x, y) => 128 + 60 * Math.sin(x / 9) * Math.cos(y / 7));
  const copy = await sharp(original).resize(100, 60).jpeg({ quality: 80 }).toBuffer();
  const [a, b] = [
    await luminancePicture(original, { path: 'a.png' }),
    await luminancePicture(copy, { path: 'b.jpg' }),
  ];
  const squares = a.reduce((sum, value, i) => sum + (value - (b[i] ?? Number.NaN)) ** 2, 0);
  expect(Math.sqrt(squares / a.length)).toBeLessThan(1);
});

test('refuses what is no image, naming it', async () => {
  await expect(
    luminancePicture(Uint8Array.of(1, 2, 3), { path: 'broken.png' }),
  ).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    file: 'broken.png',
  });
});
