/** @file Words on masks that are too small for how images are prepared. */
import { expect, test } from 'vitest';
import { smallMaskLines } from './small-masks.ts';

const screw = { name: 'screw', smallMasks: [9, 10, 11].map((pixels) => pixels / 600 ** 2) };
const tiles = (side: number) => ({ rows: side, columns: side, overlapPx: 32 });

test('says how many at the chosen size, and the size and tiles that are enough', () => {
  expect(smallMaskLines([screw, { name: 'nut' }], { imageSizePx: 256 })).toEqual([
    '3 masks of screw cover less than 4 pixels with images of 256. Choose an image size of 512, or 2 tile rows and 2 tile columns.',
  ]);
  expect(smallMaskLines([screw], { imageSizePx: 512 })).toEqual([]);
  expect(smallMaskLines([screw], { imageSizePx: 256, tiles: tiles(2) })).toEqual([]);
});

test('says what is seen of large pictures without masks, which could tell', () => {
  const plate = { name: 'plate', masks: 0, maxWidth: 4000, maxHeight: 3000 };
  expect(smallMaskLines([plate, { ...plate, masks: 2 }], { imageSizePx: 256 })).toEqual([
    expect.stringMatching(
      /^plate has .* 4000×3000 .* less than about 47 pixels .* choose tile rows/,
    ),
  ]);
  expect(smallMaskLines([plate], { imageSizePx: 256, tiles: tiles(3) })).toEqual([]);
  expect(
    smallMaskLines([{ ...plate, maxWidth: 1600, maxHeight: 1200 }], { imageSizePx: 256 }),
  ).toEqual([]);
});

test('says so where only more tiles help, or nothing', () => {
  // A pit of 8 pixels on 3000 × 2000.
  const plate = { name: 'plate', smallMasks: [50 / 6e6] };
  expect(smallMaskLines([plate], { imageSizePx: 256 })).toEqual([
    '1 mask of plate covers less than 4 pixels with images of 256. Choose 3 tile rows and 3 tile columns.',
  ]);
  expect(smallMaskLines([plate], { imageSizePx: 256, tiles: tiles(2) })).toEqual([
    '1 mask of plate covers less than 4 pixels with 2 × 2 tiles of 256 px that share 32 px. Choose 3 tile rows and 3 tile columns.',
  ]);
  expect(smallMaskLines([{ name: 'dot', smallMasks: [1e-8] }], { imageSizePx: 512 })).toEqual([
    '1 mask of dot covers less than 4 pixels with images of 512. Neither image size nor tiles keep all of them.',
  ]);
});
