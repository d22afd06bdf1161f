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
  for (let y = 0; y < height; y++) addLine(data, y * width * 3, columns, lines.subarray(y * side));
  const picture = new Float32Array(side * side);
  rows.forEach(({ begin, from, to, end, weight, first, last }, y) => {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let row = from; row < to; row++) sum += lines[row * side + x]!;
      sum *= weight;
      if (begin < from) sum += first * lines[begin * side + x]!;
      if (to < end) sum += last * lines[to * side + x]!;
      picture[y * side + x] = sum;
    }
  });
  return picture;
}

/**
 * Mean luminance of the pixels that each column covers, of a row that starts at `start`. Importing a dataset spends its time here and
 * in decoding: pixels that a column covers whole weigh the same, and are summed up as integers.
 */
function addLine(
  data: Uint8Array,
  start: number,
  columns: readonly AreaTap[],
  line: Float64Array,
): void {
  for (let x = 0; x < columns.length; x++) {
    const { begin, from, to, end, weight, first, last } = columns[x]!;
    let [red, green, blue] = [0, 0, 0];
    const stop = start + to * 3;
    for (let at = start + from * 3; at < stop; at += 3) {
      red += data[at]!;
      green += data[at + 1]!;
      blue += data[at + 2]!;
    }
    let sum = weight * luminance(red, green, blue);
    if (begin < from) sum += first * luminanceAt(data, start + begin * 3);
    if (to < end) sum += last * luminanceAt(data, stop);
    line[x] = sum;
  }
}

function luminanceAt(data: Uint8Array, at: number): number {
  return luminance(data[at]!, data[at + 1]!, data[at + 2]!);
}

function luminance(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
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

/** The source pixels `begin` to `end` that a target pixel lies over, and the share of it that each covers. */
interface AreaTap {
  readonly begin: number;
  readonly end: number;
  /** Pixels between these are covered whole, and weigh this much each. */
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** Of the pixel before `from`, and of the one at `to`, where there is one. */
  readonly first: number;
  readonly last: number;
}

function areaTaps(source: number, target: number): AreaTap[] {
  // One target pixel is so many source pixels long.
  const size = source / target;
  return Array.from({ length: target }, (_, at) => {
    const [start, stop] = [at * size, (at + 1) * size];
    const begin = Math.min(source - 1, Math.floor(start));
    const end = Math.min(source, Math.max(begin + 1, Math.ceil(stop)));
    const shareOf = (i: number) => Math.max(0, Math.min(i + 1, stop) - Math.max(i, start)) / size;
    const from = start > begin || stop < begin + 1 ? begin + 1 : begin;
    const to = stop < end && end > from ? end - 1 : Math.max(from, end);
    const weight = 1 / size;
    return { begin, end, from, to, weight, first: shareOf(begin), last: shareOf(end - 1) };
  });
}
