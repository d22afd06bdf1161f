/** @file Radix sort of float32 scores by bit pattern: the sort that all exact pixel metrics share. */

const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const DIGIT_MASK = BUCKETS - 1;
const DIGITS = 3; // 3 · 11 >= 32 bits
const SIGN = 0x8000_0000;

/** Ascending scores, and the payload in the same order. */
export interface SortedScores {
  readonly scores: Float32Array;
  readonly payload: Int32Array | null;
}

/**
 * Sorts scores ascending, least significant digit first: linear in the number of scores. Both inputs are used as
 * scratch space and their contents are lost.
 *
 * IEEE 754 floats order like their bit patterns once negative numbers are inverted and positive ones get the sign bit
 * (M. Herf, "Radix Tricks", 2001). The sort is stable.
 *
 * @param scores  f32 `[N]`, finite; `-0` counts as `+0`
 * @param payload i32 `[N]` carried along, or null
 * @returns       ascending f32 `[N]` and its payload, possibly the arrays that were given
 */
export function sortScores(scores: Float32Array, payload: Int32Array | null): SortedScores {
  const count = scores.length;
  let keys: Uint32Array = new Uint32Array(scores.buffer, scores.byteOffset, count);
  const histogram = toSortableKeys(keys);
  let nextKeys: Uint32Array = new Uint32Array(count);
  let carried: Int32Array | null = payload;
  let nextCarried: Int32Array | null = payload === null ? null : new Int32Array(count);
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const starts = histogram.subarray(digit * BUCKETS, (digit + 1) * BUCKETS);
    if (!toStarts(starts, count)) continue;
    scatter(keys, nextKeys, carried, nextCarried, starts, digit * DIGIT_BITS);
    [keys, nextKeys] = [nextKeys, keys];
    [carried, nextCarried] = [nextCarried, carried];
  }
  for (let i = 0; i < count; i += 1) {
    const key = keys[i]!;
    keys[i] = key >= SIGN ? key ^ SIGN : ~key;
  }
  return { scores: new Float32Array(keys.buffer, keys.byteOffset, count), payload: carried };
}

/** Turns float bits into sortable keys in place; returns the counts of each digit's buckets. */
function toSortableKeys(keys: Uint32Array): Uint32Array {
  const histogram = new Uint32Array(DIGITS * BUCKETS);
  for (let i = 0; i < keys.length; i += 1) {
    const bits = keys[i]! === SIGN ? 0 : keys[i]!; // -0 becomes +0
    const key = (bits >= SIGN ? ~bits : bits | SIGN) >>> 0;
    keys[i] = key;
    histogram[key & DIGIT_MASK]! += 1;
    histogram[BUCKETS + ((key >>> DIGIT_BITS) & DIGIT_MASK)]! += 1;
    histogram[2 * BUCKETS + (key >>> (2 * DIGIT_BITS))]! += 1;
  }
  return histogram;
}

/** Counts become first positions, in place. False if one bucket holds everything, so that the pass can be skipped. */
function toStarts(counts: Uint32Array, total: number): boolean {
  let start = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const inBucket = counts[bucket]!;
    if (inBucket === total) return false;
    counts[bucket] = start;
    start += inBucket;
  }
  return true;
}

function scatter(
  keys: Uint32Array,
  nextKeys: Uint32Array,
  carried: Int32Array | null,
  nextCarried: Int32Array | null,
  starts: Uint32Array,
  shift: number,
): void {
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i]!;
    const bucket = (key >>> shift) & DIGIT_MASK;
    const position = starts[bucket]!;
    starts[bucket] = position + 1;
    nextKeys[position] = key;
    if (carried !== null && nextCarried !== null) nextCarried[position] = carried[i]!;
  }
}
