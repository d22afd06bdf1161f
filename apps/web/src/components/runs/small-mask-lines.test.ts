/** @file Words on masks that are too small for the chosen image size. */
import { expect, test } from 'vitest';
import { smallMaskLines } from './small-mask-lines.ts';

const screw = { name: 'screw', smallMasks: [9, 10, 11].map((pixels) => pixels / 600 ** 2) };

test('says how many at the chosen size, and the size that is enough', () => {
  expect(smallMaskLines([screw, { name: 'nut' }], 256)).toEqual([
    '3 masks of screw cover less than 4 pixels with images of 256. Choose 512.',
  ]);
  expect(smallMaskLines([screw], 512)).toEqual([]);
  expect(smallMaskLines([{ name: 'dot', smallMasks: [1e-6] }], 512)).toEqual([
    '1 mask of dot covers less than 4 pixels with images of 512. No image size is large enough for all of them.',
  ]);
});
