/** @file Small pictures of an image's luminance, for telling whether two images are nearly the same. */
import type { Sample } from '@plumbline/contracts';
import { decodeSample } from './decode-image.ts';
import type { RgbImage } from './rgb-image.ts';

/** Side of the pictures that are compared, pixels. */
export const LUMINANCE_PICTURE_SIDE = 32;

/**
 * The luminance (ITU-R BT.601) of an image as a square: each pixel is the mean over the area that it covers, so that an
 * image and a resized copy give nearly the same picture. The aspect ratio is not kept.
 *
 * @returns f32 `[side · side]`, row by row, 0 to 255
 */
export function luminanceOf(
  { width, height, data }: RgbImage,
  side = LUMINANCE_PICTURE_SIDE,
): Float32Array {
  const columns = areaTaps(width, side);
  const rows = areaTaps(height, side);
  const lines = new Float64Array(height * side);
  for (let y = 0; y < height; y++) {
    columns.forEach(({ begin, weights }, x) => {
      lines[y * side + x] = meanLuminance(data, (y * width + begin) * 3, weights);
    });
  }
  const picture = new Float32Array(side * side);
  rows.forEach(({ begin, weights }, y) => {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * lines[(begin + i) * side + x]!;
      picture[y * side + x] = sum;
    }
  });
  return picture;
}

/** Of neighbors in a row, the first at `start`. Importing a dataset spends its time here, and in decoding. */
function meanLuminance(data: Uint8Array, start: number, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0, at = start; i < weights.length; i++, at += 3) {
    sum += weights[i]! * (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!);
  }
  return sum;
}

/**
 * The luminance of a sample's image.
 * @throws DomainError INVALID_INPUT naming the sample when its image is broken or none
 */
export async function luminancePicture(
  bytes: Uint8Array,
  sample: Pick<Sample, 'path' | 'range'>,
  side = LUMINANCE_PICTURE_SIDE,
): Promise<Float32Array> {
  return luminanceOf(await decodeSample(bytes, sample), side);
}

/** The source pixels that a target pixel lies over, and the share of it that each covers. */
interface AreaTap {
  readonly begin: number;
  readonly weights: Float64Array;
}

function areaTaps(source: number, target: number): AreaTap[] {
  // One target pixel is so many source pixels long.
  const size = source / target;
  return Array.from({ length: target }, (_, at) => {
    const begin = Math.min(source - 1, Math.floor(at * size));
    const end = Math.min(source, Math.max(begin + 1, Math.ceil((at + 1) * size)));
    const shareOf = (i: number) => {
      const covered = Math.min(i + 1, (at + 1) * size) - Math.max(i, at * size);
      return Math.max(0, covered) / size;
    };
    return {
      begin,
      weights: Float64Array.from({ length: end - begin }, (_, i) => shareOf(begin + i)),
    };
  });
}
