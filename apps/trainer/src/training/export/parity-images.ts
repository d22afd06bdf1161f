/** @file Images of many sizes and shapes for the parity check, made of real ones by plain code and without chance. */
import type { RgbImage } from '@plumbline/data';

/**
 * The image in a shade that falls from left to right. A method that keeps what it was fitted to scores those images 0 but
 * for rounding, which no two computations agree on; this makes a new one of each.
 */
export function shaded({ width, height, data }: RgbImage): RgbImage {
  const shades = data.map((value, i) => {
    const x = Math.floor(i / 3) % width;
    return Math.round(value * (1 - (0.5 * (x + 1)) / width));
  });
  return { width, height, data: shades };
}

/** Larger images are cut to this side first: the check should take seconds. */
const SIDE_MAX_PX = 1024;

/**
 * One image of a shape of its own for each given one: its own shape where no earlier one has it, another otherwise.
 * @returns As many images as given, all of different shapes.
 */
export function imagesOfDifferentShapes(images: readonly RgbImage[]): RgbImage[] {
  const taken = new Set<string>();
  return images.map((image, index) => {
    const own = cutToWindow(
      image,
      Math.min(image.height, SIDE_MAX_PX),
      Math.min(image.width, SIDE_MAX_PX),
    );
    let [height, width] = [own.height, own.width];
    for (let step = 0; taken.has(`${height}×${width}`); step++)
      [height, width] = [48 + ((37 * (index + step)) % 271), 40 + ((53 * (index + step)) % 307)];
    taken.add(`${height}×${width}`);
    return toShape(own, height, width, index);
  });
}

/** All images in one shape, so that they make a batch. */
export function imagesOfOneShape(
  images: readonly RgbImage[],
  height: number,
  width: number,
): RgbImage[] {
  return images.map((image, index) => toShape(image, height, width, index));
}

/** Even ones are resized, odd ones cut or padded; one that has the shape stays as it is. */
function toShape(image: RgbImage, height: number, width: number, index: number): RgbImage {
  if (image.height === height && image.width === width) return image;
  return index % 2 === 0 ? resizeNearest(image, height, width) : cutToWindow(image, height, width);
}

/** A window around the middle; beyond the border the last pixel is repeated. */
export function cutToWindow(image: RgbImage, height: number, width: number): RgbImage {
  const top = Math.floor((image.height - height) / 2);
  const left = Math.floor((image.width - width) / 2);
  return sample(image, height, width, (y, x) => [y + top, x + left]);
}

export function resizeNearest(image: RgbImage, height: number, width: number): RgbImage {
  return sample(image, height, width, (y, x) => [
    Math.floor(((y + 0.5) * image.height) / height),
    Math.floor(((x + 0.5) * image.width) / width),
  ]);
}

function sample(
  image: RgbImage,
  height: number,
  width: number,
  source: (y: number, x: number) => [number, number],
): RgbImage {
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = source(y, x);
      const from =
        (clamp(row, image.height - 1) * image.width + clamp(column, image.width - 1)) * 3;
      data.set(image.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

function clamp(value: number, largest: number): number {
  return Math.max(0, Math.min(largest, value));
}
