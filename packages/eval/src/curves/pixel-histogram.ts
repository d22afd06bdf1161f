/**
 * @file Pixels of any number of maps in a fixed number of bins: what the pixel metrics of a set that does not fit into
 * memory are computed from.
 *
 * A bin is a run of 2^s neighboring float32 numbers, so bins are finer where scores are closer to zero, and two of them
 * merge into one of twice the width without a rest. The width is chosen by the first map: as fine as puts the upper
 * quarter of its pixels, where the metrics are decided, into 2^16 bins, which fit into a processor's cache. It doubles
 * only when a score falls outside the window of bins; there are at least 2048 bins an octave whatever the scores are.
 */

import type { MeasuredRegions } from '../metrics/connected-regions.ts';
import { binnedAupimo, binnedCurve, emptyBins, type PixelBins } from './binned-curve.ts';
import { bitsOf, orderedBits } from './float-order.ts';
import type { RankedCurve } from './ranked-curve.ts';

/** Five arrays of 32 MiB, resident only where scores fall: a page of memory is taken when it is first written to. */
const BINS = 1 << 22;
/** Bins between the 75th and the 99th percentile of the first map's pixels. */
const UPPER_BINS = 1 << 16;
/** Pixels of the first map that are looked at. */
const LOOKED_AT = 4096;
const LARGEST = 3.4028234663852886e38;

export class PixelHistogram {
  #bins: PixelBins = emptyBins(BINS);
  /** Bin b holds the ordered bits in [(base + b) · 2^shift, (base + b + 1) · 2^shift). */
  #shift = 0;
  #base = 0;
  /** Range of ordered bits so far. */
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  #regions = 0;
  #images = 0;

  /**
   * Counts the pixels of one map.
   *
   * @param map     f32 `[H·W]`, finite
   * @param regions of its mask; null = a normal image
   */
  add(map: Float32Array, regions: MeasuredRegions | null): void {
    const bits = bitsOf(map);
    this.#cover(bits);
    const { normals, negatives } = this.#bins;
    if (regions === null) this.#countAll(bits, normals);
    else if (regions.count === 0) this.#countAll(bits, negatives);
    else this.#countMasked(bits, regions);
  }

  /** The curve with all scores of a bin taken as equal. */
  curve(): RankedCurve {
    const totals = { regions: this.#regions, images: this.#images };
    return binnedCurve(this.#bins, totals, (bin) => this.#lowerEnd(bin));
  }

  aupimo(): number | null {
    return binnedAupimo(this.#bins, { regions: this.#regions, images: this.#images });
  }

  #countAll(bits: Int32Array, counts: Float64Array): void {
    const shift = this.#shift;
    const base = this.#base;
    for (let i = 0; i < bits.length; i += 1) counts[(orderedBits(bits[i]!) >> shift) - base]! += 1;
  }

  #countMasked(bits: Int32Array, { labels, count, pixels }: MeasuredRegions): void {
    const weights = pixels.map((inRegion) => 1 / inRegion);
    const { negatives, positives, overlap, recall } = this.#bins;
    const perImage = 1 / (bits.length - pixels[0]!);
    const shift = this.#shift;
    const base = this.#base;
    for (let i = 0; i < bits.length; i += 1) {
      const bin = (orderedBits(bits[i]!) >> shift) - base;
      const label = labels[i]!;
      if (label === 0) {
        negatives[bin]! += 1;
        continue;
      }
      positives[bin]! += 1;
      overlap[bin]! += weights[label]!;
      recall[bin]! += perImage;
    }
    this.#regions += count;
    this.#images += 1;
  }

  /** Makes sure that every score has a bin. */
  #cover(bits: Int32Array): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = 0; i < bits.length; i += 1) {
      const ordered = orderedBits(bits[i]!);
      if (ordered < low) low = ordered;
      if (ordered > high) high = ordered;
    }
    const isFirst = this.#low === Number.POSITIVE_INFINITY;
    this.#low = low;
    this.#high = high;
    const first = low >> this.#shift;
    const last = high >> this.#shift;
    if (!isFirst && first >= this.#base && last < this.#base + BINS) return;
    // Half of the window is left free around the range, so that the next image seldom moves it again.
    let shift = isFirst ? upperShift(bits) : this.#shift;
    while ((high >> shift) - (low >> shift) >= BINS / 2) shift += 1;
    const base = (low >> shift) - ((BINS - ((high >> shift) - (low >> shift))) >> 1);
    if (!isFirst) this.#moveBins(shift, base);
    this.#shift = shift;
    this.#base = base;
  }

  #moveBins(shift: number, base: number): void {
    const moved = emptyBins(BINS);
    for (const name of Object.keys(moved) as (keyof PixelBins)[]) {
      const [from, to] = [this.#bins[name], moved[name]];
      for (let bin = 0; bin < BINS; bin += 1) {
        if (from[bin] === 0) continue;
        to[((bin + this.#base) >> (shift - this.#shift)) - base]! += from[bin]!;
      }
    }
    this.#bins = moved;
  }

  #lowerEnd(bin: number): number {
    scratchBits[0] = orderedBits((bin + this.#base) << this.#shift);
    const score = scratch[0]!;
    return Number.isFinite(score) ? score : -LARGEST; // the lowest bin may begin below what float32 holds
  }
}

const scratch = new Float32Array(1);
const scratchBits = bitsOf(scratch);

/** The largest s with at least `UPPER_BINS` runs of 2^s numbers between the 75th and the 99th percentile, or 0. */
function upperShift(bits: Int32Array): number {
  const step = Math.max(1, Math.floor(bits.length / LOOKED_AT));
  const some = Int32Array.from({ length: Math.floor(bits.length / step) }, (_, i) =>
    orderedBits(bits[i * step]!),
  ).sort();
  const low = some[Math.floor(some.length * 0.75)]!;
  const high = some[Math.floor(some.length * 0.99)]!;
  return Math.max(0, Math.floor(Math.log2((high - low) / UPPER_BINS)));
}
