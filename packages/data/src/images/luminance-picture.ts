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
export function luminanceOf(image: RgbImage, side = LUMINANCE_PICTURE_SIDE): Float32Array {
  const columns = tapsOf(image.width, side);
  const sums = new RowSums(image);
  const picture = new Float32Array(side * side);
  tapsOf(image.height, side).forEach((row, y) => {
    const { begin, from, to, end, weight, first, last } = row;
    const line = picture.subarray(y * side, (y + 1) * side);
    if (from < to) addLine(sums.of(from, to), columns, weight, line);
    if (begin < from) addLine(sums.of(begin, begin + 1), columns, first, line);
    if (to < end) addLine(sums.of(to, end), columns, last, line);
  });
  return picture;
}

/** Rows whose bytes fit into 16 bits when they are summed up: 257 · 255 is 65,535. */
const MOST_ROWS = 257;
/** Every second byte of a word. */
const EVEN_BYTES = 0x00ff00ff;
const WORD_BYTES = 4;
const SIDE_BY_SIDE = 4;

/**
 * Sums of the bytes of some rows, one above the other. Importing a dataset spends its time here and in decoding: four bytes are
 * summed up at once, as a word (little-endian), two in the halves of each sum.
 */
class RowSums {
  readonly #image: RgbImage;
  /** Of a row. */
  readonly #words: number;
  readonly #sums: Int32Array;
  /** Of the image as it is, where its rows begin at whole words. */
  readonly #whole: Int32Array | null;

  constructor(image: RgbImage) {
    const { width, height, data } = image;
    this.#image = image;
    this.#words = Math.ceil((width * 3) / WORD_BYTES);
    this.#sums = new Int32Array(this.#words * WORD_BYTES);
    const isAligned = data.byteOffset % WORD_BYTES === 0 && (width * 3) % WORD_BYTES === 0;
    this.#whole = isAligned
      ? new Int32Array(data.buffer, data.byteOffset, this.#words * height)
      : null;
  }

  of(from: number, to: number): Int32Array {
    this.#sums.fill(0);
    for (let top = from; top < to; top += MOST_ROWS) {
      const rows = Math.min(to - top, MOST_ROWS);
      if (this.#whole === null) addWords(this.#copied(top, rows), 0, rows, this.#sums);
      else addWords(this.#whole, top * this.#words, rows, this.#sums);
    }
    return this.#sums;
  }

  #copied(top: number, rows: number): Int32Array {
    const length = this.#image.width * 3;
    const copy = new Int32Array(rows * this.#words);
    const bytes = new Uint8Array(copy.buffer);
    for (let row = 0; row < rows; row++) {
      const at = (top + row) * length;
      bytes.set(this.#image.data.subarray(at, at + length), row * this.#words * WORD_BYTES);
    }
    return copy;
  }
}

/**
 * Four words of a row at a time, side by side in registers.
 * @param start Of the first row in `words`.
 */
function addWords(words: Int32Array, start: number, rows: number, sums: Int32Array): void {
  const length = sums.length / WORD_BYTES;
  const stop = start + rows * length;
  const last = length - (length % SIDE_BY_SIDE);
  for (let x = 0; x < last; x += SIDE_BY_SIDE) {
    let [even0, even1, even2, even3] = [0, 0, 0, 0];
    let [odd0, odd1, odd2, odd3] = [0, 0, 0, 0];
    for (let at = start + x; at < stop; at += length) {
      const word0 = words[at]!;
      const word1 = words[at + 1]!;
      const word2 = words[at + 2]!;
      const word3 = words[at + 3]!;
      even0 = (even0 + (word0 & EVEN_BYTES)) | 0;
      odd0 = (odd0 + ((word0 >>> 8) & EVEN_BYTES)) | 0;
      even1 = (even1 + (word1 & EVEN_BYTES)) | 0;
      odd1 = (odd1 + ((word1 >>> 8) & EVEN_BYTES)) | 0;
      even2 = (even2 + (word2 & EVEN_BYTES)) | 0;
      odd2 = (odd2 + ((word2 >>> 8) & EVEN_BYTES)) | 0;
      even3 = (even3 + (word3 & EVEN_BYTES)) | 0;
      odd3 = (odd3 + ((word3 >>> 8) & EVEN_BYTES)) | 0;
    }
    addHalves(sums, x, even0, odd0);
    addHalves(sums, x + 1, even1, odd1);
    addHalves(sums, x + 2, even2, odd2);
    addHalves(sums, x + 3, even3, odd3);
  }
  for (let x = last; x < length; x++) {
    let [even, odd] = [0, 0];
    for (let at = start + x; at < stop; at += length) {
      const word = words[at]!;
      even = (even + (word & EVEN_BYTES)) | 0;
      odd = (odd + ((word >>> 8) & EVEN_BYTES)) | 0;
    }
    addHalves(sums, x, even, odd);
  }
}

/** @param even Sums of the first and third byte of the word at `x`, in its halves; `odd` of the others. */
function addHalves(sums: Int32Array, x: number, even: number, odd: number): void {
  const to = x * WORD_BYTES;
  sums[to] = sums[to]! + (even & 0xffff);
  sums[to + 1] = sums[to + 1]! + (odd & 0xffff);
  sums[to + 2] = sums[to + 2]! + (even >>> 16);
  sums[to + 3] = sums[to + 3]! + (odd >>> 16);
}

/** Adds the mean luminance of the pixels that each column covers, so much of it. */
function addLine(
  sums: Int32Array,
  columns: readonly AreaTap[],
  share: number,
  line: Float32Array,
): void {
  for (let x = 0; x < columns.length; x++) {
    const { begin, from, to, end, weight, first, last } = columns[x]!;
    let red = 0;
    let green = 0;
    let blue = 0;
    const stop = to * 3;
    for (let at = from * 3; at < stop; at += 3) {
      red += sums[at]!;
      green += sums[at + 1]!;
      blue += sums[at + 2]!;
    }
    let mean = weight * luminance(red, green, blue);
    if (begin < from) mean += first * luminanceAt(sums, begin * 3);
    if (to < end) mean += last * luminanceAt(sums, stop);
    line[x] = line[x]! + share * mean;
  }
}

function luminanceAt(sums: Int32Array, at: number): number {
  return luminance(sums[at]!, sums[at + 1]!, sums[at + 2]!);
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

/** Those of the sizes that images of a dataset have: making them takes a tenth of the time of a picture. */
const keptTaps = new Map<string, AreaTap[]>();
const KEPT_SIZES = 32;

function tapsOf(source: number, target: number): readonly AreaTap[] {
  const key = `${source} ${target}`;
  const kept = keptTaps.get(key);
  if (kept !== undefined) return kept;
  if (keptTaps.size >= KEPT_SIZES) keptTaps.clear();
  const taps = areaTaps(source, target);
  keptTaps.set(key, taps);
  return taps;
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
