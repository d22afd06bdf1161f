import { expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { renderPicture } from './render-picture.ts';

const picture = { width: 8, height: 8, data: new Uint8Array(8 * 8 * 3).fill(90) };

async function sizeFor(width: number, height: number): Promise<number[]> {
  const png = await decodeImage(await renderPicture(picture, { width, height }), 'picture.png');
  return [png.width, png.height];
}

it('keeps the pixels of a square image as they are', async () => {
  const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 37) % 256);
  const png = await renderPicture({ ...picture, data }, { width: 500, height: 500 });
  expect([...(await decodeImage(png, 'picture.png')).data]).toEqual([...data]);
});

it('has the aspect ratio of the image, and is never made smaller', async () => {
  expect(await sizeFor(600, 300)).toEqual([16, 8]);
  expect(await sizeFor(10, 30)).toEqual([8, 24]);
});

it('ends stretching somewhere', async () => {
  expect(await sizeFor(10_000, 10)).toEqual([32, 8]);
});
