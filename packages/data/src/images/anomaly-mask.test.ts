/** @file What a mask of an anomaly map marks, by hand. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { anomalyMask } from './anomaly-mask.ts';

// Upsampled to four columns with half-pixel centers: 0, 0.25, 0.75 and 1.
const map = { anomalyMap: Float32Array.of(0, 1), mapHeight: 1, mapWidth: 2, width: 4, height: 2 };

test('marks what is at or above the threshold, in the size of the image', async () => {
  const { png, share } = await anomalyMask({ ...map, threshold: 0.75 });
  expect(share).toBe(0.5);
  expect((await sharp(png).metadata()).channels).toBe(1);
  const gray = sharp(png).toColourspace('b-w').raw();
  const { data, info } = await gray.toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 4, height: 2, channels: 1 });
  expect([...data]).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
});

test('in colors, and of nothing at all', async () => {
  const colors = { below: [255, 255, 255], above: [35, 164, 54] } as const;
  const { png, share } = await anomalyMask({ ...map, threshold: 2, colors });
  expect(share).toBe(0);
  expect(new Set(await sharp(png).raw().toBuffer())).toEqual(new Set([255]));
  const marked = await anomalyMask({ ...map, threshold: 1, colors });
  expect([...(await sharp(marked.png).raw().toBuffer()).subarray(9, 12)]).toEqual([35, 164, 54]);
});
