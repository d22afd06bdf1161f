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
  const columns = shares(width, side);
  const rows = shares(height, side);
  const picture = new Float64Array(side * side);
  const line = new Float64Array(side);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const luminance = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
      for (let target = columns.first[x]!; target <= columns.last[x]!; target++) {
        line[target]! += luminance * overlap(columns, x, target);
      }
    }
    for (let target = rows.first[y]!; target <= rows.last[y]!; target++) {
      const weight = overlap(rows, y, target);
      for (let x = 0; x < side; x++) picture[target * side + x]! += weight * line[x]!;
    }
  }
  return Float32Array.from(picture);
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

/** For each source pixel, the target pixels that it lies in; one target pixel is `size` source pixels long. */
interface Shares {
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly size: number;
}

function shares(source: number, target: number): Shares {
  const size = source / target;
  const clamp = (index: number) => Math.min(target - 1, Math.max(0, index));
  return {
    first: Int32Array.from({ length: source }, (_, i) => clamp(Math.floor(i / size))),
    last: Int32Array.from({ length: source }, (_, i) => clamp(Math.ceil((i + 1) / size) - 1)),
    size,
  };
}

/** Share of the target pixel that the source pixel covers. */
function overlap({ size }: Shares, source: number, target: number): number {
  const covered = Math.min(source + 1, (target + 1) * size) - Math.max(source, target * size);
  return Math.max(0, covered) / size;
}
