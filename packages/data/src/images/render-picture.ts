/** @file A small picture of an image, made square by a network, back in the image's aspect ratio. */
import sharp from 'sharp';
import type { RgbImage } from './rgb-image.ts';

/** A strip is not stretched further than this, whatever its image. */
const LONGEST_STRETCH = 4;

/**
 * @param picture RGB, of any size.
 * @param aspect Width and height of the image it shows.
 * @returns PNG bytes; along one side the picture's own pixels, along the other enlarged to the aspect ratio.
 */
export async function renderPicture(
  picture: RgbImage,
  aspect: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const ratio = (aspect.width / aspect.height) * (picture.height / picture.width);
  const stretch = (factor: number) => Math.min(LONGEST_STRETCH, Math.max(1, factor));
  const width = Math.round(picture.width * stretch(ratio));
  const height = Math.round(picture.height * stretch(1 / ratio));
  return sharp(picture.data, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .resize({ width, height, fit: 'fill' })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
