/**
 * @file Pixels of any number of maps in a bounded number of bins: what the pixel metrics of a set that does not fit into
 * memory are computed from, with a bound of how far they can be off. The bins are those of `score-bins.ts`: exact until
 * there are more distinct scores than bins, then as fine as fits.
 */

import type { MeasuredRegions } from '../metrics/connected-regions.ts';
import type { PixelMetrics } from '../metrics/pixel-metrics.ts';
import { binnedAupimo, binnedCurve, type PixelTotals } from './binned-curve.ts';
import { binnedErrorBounds, type KeyedBins } from './binned-error.ts';
import { bitsOf, orderedBits } from './float-order.ts';
import type { RankedCurve } from './ranked-curve.ts';
import { joinNeighbors, mergeSingles, ScoreBins, sortedKeys } from './score-bins.ts';

/** Of 48 bytes each; twice as many are resident while lists merge. */
const DEFAULT_BINS = 1 << 20;
/** First share of `joinNeighbors`, and by what it grows until bins are few enough. */
const FINEST_SHARE = 1e-6;
const SHARE_STEP = 1.3;

export class PixelHistogram {
  readonly #most: number;
  #bins: ScoreBins;
  #spare: ScoreBins;
  /** Scores that no bin holds yet. */
  #singles: ScoreBins;
  #share = FINEST_SHARE;
  #regions = 0;
  #images = 0;

  /** @param most bins that are kept */
  constructor(most = DEFAULT_BINS) {
    this.#most = most;
    this.#singles = new ScoreBins(most >> 1);
    this.#bins = new ScoreBins(most + this.#singles.capacity);
    this.#spare = new ScoreBins(this.#bins.capacity);
  }

  /**
   * Counts the pixels of one map.
   *
   * @param map     f32 `[H·W]`, finite
   * @param regions of its mask; null = a normal image
   */
  add(map: Float32Array, regions: MeasuredRegions | null): void {
    const isMasked = regions !== null && regions.count > 0;
    const { keys, payload } = sortedKeys(map, isMasked ? regions.labels : null);
    const weights = regions === null ? null : regions.pixels.map((pixels) => 1 / pixels);
    const perImage = regions === null ? 0 : 1 / (map.length - regions.pixels[0]!);
    let next = 0;
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i]!;
      next = this.#advance(next, key);
      const isKnown = next < this.#bins.size && this.#bins.low[next]! <= key;
      const { list, bin } = isKnown ? { list: this.#bins, bin: next } : this.#single(key);
      if (bin < 0) {
        next = 0; // the lists were merged
        i -= 1;
        continue;
      }
      const label = payload === null ? 0 : payload[i]!;
      if (regions === null) list.normals[bin]! += 1;
      else if (label === 0) list.negatives[bin]! += 1;
      else {
        list.positives[bin]! += 1;
        list.overlap[bin]! += weights![label]!;
        list.recall[bin]! += perImage;
      }
    }
    if (!isMasked) return;
    this.#regions += regions.count;
    this.#images += 1;
  }

  /** The curve with all scores of a bin taken as equal. */
  curve(): RankedCurve {
    this.#merge();
    const { low, ...bins } = this.#bins.filled();
    return binnedCurve(bins, this.#totals, (bin) => scoreOf(low[bin]!));
  }

  aupimo(): number | null {
    this.#merge();
    return binnedAupimo(this.#bins.filled(), this.#totals);
  }

  /** At most how far each metric is from that of the pixels ranked exactly. */
  errorBounds(metrics: PixelMetrics): PixelMetrics {
    this.#merge();
    return binnedErrorBounds(this.#bins.filled(), this.#totals, metrics);
  }

  /** What is counted so far. */
  summary(): { readonly bins: KeyedBins; readonly totals: PixelTotals } {
    this.#merge();
    return { bins: this.#bins.filled(), totals: this.#totals };
  }

  get #totals(): PixelTotals {
    return { regions: this.#regions, images: this.#images };
  }

  /** The first bin from `from` on whose end is not below the key, by doubling and halving. */
  #advance(from: number, key: number): number {
    const { high, size } = this.#bins;
    if (from >= size || high[from]! >= key) return from;
    let step = 1;
    while (from + step < size && high[from + step]! < key) step *= 2;
    let low = from + (step >> 1) + 1;
    let end = Math.min(size, from + step);
    while (low < end) {
      const middle = (low + end) >>> 1;
      if (high[middle]! < key) low = middle + 1;
      else end = middle;
    }
    return low;
  }

  /** A place for a score that no bin holds; none where the lists had to be merged first. */
  #single(key: number): { readonly list: ScoreBins; readonly bin: number } {
    const list = this.#singles;
    const last = list.size - 1;
    if (last >= 0 && list.low[last] === key) return { list, bin: last };
    if (list.size === list.capacity) {
      this.#merge();
      return { list, bin: -1 };
    }
    return { list, bin: list.append(key, key) };
  }

  #merge(): void {
    if (this.#singles.size === 0) return;
    mergeSingles(this.#bins, this.#singles, this.#spare);
    [this.#bins, this.#spare] = [this.#spare, this.#bins];
    this.#singles.size = 0;
    if (this.#bins.size <= this.#most) return;
    while (joinNeighbors(this.#bins, this.#share, true) > this.#most / 2) this.#share *= SHARE_STEP;
    joinNeighbors(this.#bins, this.#share, false);
  }
}

const scratch = new Float32Array(1);
const scratchBits = bitsOf(scratch);

/** The score of ordered bits. */
export function scoreOf(key: number): number {
  scratchBits[0] = orderedBits(key);
  return scratch[0]!;
}
