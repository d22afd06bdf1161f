/**
 * @file Bins of score that hold what pixel metrics need, as lists that merge: edges lie where the scores are, not where
 * float32 numbers are. A bin begins as one score; neighbors become one bin only where little lies in them compared to
 * what lies above, since all pixel metrics are decided from the top (relative rank error, as of G. Cormode et al., "Space-
 * and Time-Efficient Deterministic Algorithms for Biased Quantiles", PODS 2006).
 */

import type { PixelBins } from './binned-curve.ts';
import { bitsOf, orderedBits } from './float-order.ts';
import { sortScores } from './radix-sort.ts';

const NAMES = ['normals', 'negatives', 'positives', 'overlap', 'recall'] as const;
/** Bins in no order, or ascending and apart. Bin i holds scores whose ordered bits are in [low, high]. */
export class ScoreBins implements PixelBins {
  size = 0;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly normals: Float64Array;
  readonly negatives: Float64Array;
  readonly positives: Float64Array;
  readonly overlap: Float64Array;
  readonly recall: Float64Array;

  constructor(capacity: number) {
    this.low = new Int32Array(capacity);
    this.high = new Int32Array(capacity);
    const make = () => new Float64Array(capacity);
    this.normals = make();
    this.negatives = make();
    this.positives = make();
    this.overlap = make();
    this.recall = make();
  }

  get capacity(): number {
    return this.low.length;
  }

  /** The bins that are there, sharing memory. */
  filled(): PixelBins & { readonly low: Int32Array; readonly high: Int32Array } {
    const of = (name: (typeof NAMES)[number]) => this[name].subarray(0, this.size);
    return {
      low: this.low.subarray(0, this.size),
      high: this.high.subarray(0, this.size),
      normals: of('normals'),
      negatives: of('negatives'),
      positives: of('positives'),
      overlap: of('overlap'),
      recall: of('recall'),
    };
  }

  /** A new empty bin at the end; returns its index. */
  append(low: number, high: number): number {
    const bin = this.size;
    this.low[bin] = low;
    this.high[bin] = high;
    this.normals[bin] = 0;
    this.negatives[bin] = 0;
    this.positives[bin] = 0;
    this.overlap[bin] = 0;
    this.recall[bin] = 0;
    this.size += 1;
    return bin;
  }

  /** Adds what a bin of another list holds. */
  take(bin: number, from: ScoreBins, other: number): void {
    this.normals[bin]! += from.normals[other]!;
    this.negatives[bin]! += from.negatives[other]!;
    this.positives[bin]! += from.positives[other]!;
    this.overlap[bin]! += from.overlap[other]!;
    this.recall[bin]! += from.recall[other]!;
  }
}

/** Ascending bins of single scores, in any order before and possibly repeated, and others merged into one ascending list. */
export function mergeSingles(bins: ScoreBins, singles: ScoreBins, into: ScoreBins): void {
  const order = ascendingOrder(singles);
  into.size = 0;
  let next = 0;
  for (const single of order) {
    const key = singles.low[single]!;
    for (; next < bins.size && bins.low[next]! < key; next += 1) {
      into.take(into.append(bins.low[next]!, bins.high[next]!), bins, next);
    }
    const last = into.size - 1;
    const isAgain = last >= 0 && into.high[last]! >= key;
    into.take(isAgain ? last : into.append(key, key), singles, single);
  }
  for (; next < bins.size; next += 1) {
    into.take(into.append(bins.low[next]!, bins.high[next]!), bins, next);
  }
}

function ascendingOrder(singles: ScoreBins): Int32Array {
  const bits = Int32Array.from(singles.low.subarray(0, singles.size), orderedBits);
  const scores = new Float32Array(bits.buffer);
  const sorted = sortScores(scores, Int32Array.from(bits.keys()));
  return sorted.payload ?? new Int32Array(0);
}

/**
 * Joins neighbors, from the highest down, while no kind of pixel in the joined bin exceeds `share` of those above it.
 *
 * @returns the number of bins that are left; nothing is changed if `isTrial`
 */
export function joinNeighbors(bins: ScoreBins, share: number, isTrial: boolean): number {
  const { normals, negatives, positives } = bins;
  const above = [0, 0, 0] as [number, number, number];
  const here = [0, 0, 0] as [number, number, number];
  const mayHold = (kind: 0 | 1 | 2, added: number) => {
    const joined = here[kind] + added;
    return joined === 0 || joined <= share * above[kind];
  };
  let write = bins.size;
  for (let bin = bins.size - 1; bin >= 0; bin -= 1) {
    const [a, b, c] = [normals[bin]!, negatives[bin]!, positives[bin]!];
    if (write < bins.size && mayHold(0, a) && mayHold(1, b) && mayHold(2, c)) {
      here[0] += a;
      here[1] += b;
      here[2] += c;
      if (isTrial) continue;
      bins.low[write] = bins.low[bin]!;
      bins.take(write, bins, bin);
      continue;
    }
    for (const kind of [0, 1, 2] as const) above[kind] += here[kind];
    here[0] = a;
    here[1] = b;
    here[2] = c;
    write -= 1;
    if (isTrial) continue;
    bins.low[write] = bins.low[bin]!;
    bins.high[write] = bins.high[bin]!;
    for (const name of NAMES) bins[name][write] = bins[name][bin]!;
  }
  const left = bins.size - write;
  if (isTrial) return left;
  bins.low.copyWithin(0, write, bins.size);
  bins.high.copyWithin(0, write, bins.size);
  for (const name of NAMES) bins[name].copyWithin(0, write, bins.size);
  bins.size = left;
  return left;
}

/** The ordered bits of a map, ascending, and the payload of each in the same order. The map is not written to. */
export function sortedKeys(
  map: Float32Array,
  payload: Int32Array | null,
): { readonly keys: Int32Array; readonly payload: Int32Array | null } {
  const sorted = sortScores(map.slice(), payload === null ? null : payload.slice());
  return { keys: bitsOf(sorted.scores).map(orderedBits), payload: sorted.payload };
}
