/** @file Small luminance pictures: area means at any size, and what re-encoding does to them. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { luminanceOf, luminancePicture } from './luminance-picture.ts';

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

/** Share of the pixel at `i` that lies between `from` and `to`. */
const covered = (i: number, from: number, to: number) =>
  Math.max(0, Math.min(i + 1, to) - Math.max(i, from));

test.each([
  [256, 256],
  [33, 31],
  [100, 65],
  [300, 5],
  [1, 90],
])('is the mean of each area, whatever the size: %i × %i', (width, height) => {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i * 7 + i) % 256);
  const picture = luminanceOf({ width, height, data });
  for (const [tx, ty] of [
    [0, 0],
    [31, 31],
    [13, 7],
  ] as const) {
    const [w, h] = [width / 32, height / 32];
    let sum = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [r, g, b] = data.subarray((y * width + x) * 3);
        const luminance = 0.299 * (r ?? 0) + 0.587 * (g ?? 0) + 0.114 * (b ?? 0);
        sum += luminance * covered(x, tx * w, tx * w + w) * covered(y, ty * h, ty * h + h);
      }
    }
    expect(picture[ty * 32 + tx]).toBeCloseTo(sum / (w * h), 3);
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
