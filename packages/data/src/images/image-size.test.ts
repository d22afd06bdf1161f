import { expect, it } from 'vitest';
import { requireGridPixels } from './image-size.ts';

const image = (file: string, width: number, height: number) => ({ file, width, height });

it('lets images pass that have a pixel for each place of the grid', () => {
  expect(() => requireGridPixels([image('a.png', 32, 33)], 32)).not.toThrow();
});

it('names the first smaller image, its size, how many there are, and how to fix it', () => {
  const images = [image('a.png', 40, 40), image('b.png', 31, 500), image('c.png', 9, 9)];
  expect(() => requireGridPixels(images, 32, 'Or leave it out.')).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      file: 'b.png',
      message:
        'b.png (31×500 pixels) is smaller than the 32×32 feature grid, and so is 1 other image.',
      fix: 'Use images with at least 32 pixels along each side. Or leave it out.',
    }),
  );
});
