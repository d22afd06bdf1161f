/**
 * @file The pixels of each image on a coarse grid of scores common to all: what a jackknife over images adds up anew
 * without each. The grid lies dense where the metrics change.
 */
import { emptyBins, type PixelBins, type PixelTotals } from '../curves/binned-curve.ts';
import type { KeyedBins } from '../curves/binned-error.ts';
import { bitsOf, orderedBits } from '../curves/float-order.ts';
import type { MapSize } from '../curves/pixel-curve.ts';
import { scoreOf } from '../curves/pixel-histogram.ts';
import type { RankedCurve } from '../curves/ranked-curve.ts';
import type { MeasuredRegions } from '../metrics/connected-regions.ts';
import { RandomStream } from './random-stream.ts';

/** About as many edges as a grid gets; 1000 move a metric by less than a tenth of a usual interval's width. */
const EDGES = 1000;
/** Beyond so many images of a label, each further one joins a group at random; groups are then drawn whole. */
export const MAX_GROUPS = 256;
/** False positive rates are resolved on a log scale down to here, for AUPIMO. */
const SMALLEST_RATE = 1e-6;

/** Ascending scores where bins begin, f32; bin 0 is below the first. */
export function gridEdges(curve: RankedCurve): Float32Array {
  const { thresholds, truePositives, falsePositives, regionOverlap, positives, negatives } = curve;
  const decades = -Math.log10(SMALLEST_RATE);
  const place = (k: number) => {
    const rate = falsePositives[k]! / negatives;
    const log = 1 + Math.log10(Math.max(SMALLEST_RATE, rate)) / decades;
    return truePositives[k]! / positives + rate + log + (regionOverlap?.[k] ?? 0);
  };
  const step = 4 / EDGES; // each of the four rises from 0 to 1
  const edges: number[] = [];
  let kept = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < thresholds.length; k += 1) {
    const here = place(k);
    if (here - kept < step) continue;
    edges.push(thresholds[k]!);
    kept = here;
  }
  return Float32Array.from(edges.reverse());
}

/** One image, or a group of them, on the grid; f32 `[bins]` each from bin `first` on. */
interface GridRow {
  readonly normals: Float32Array | null;
  readonly negatives: Float32Array | null;
  readonly positives: Float32Array | null;
  readonly overlap: Float32Array | null;
  readonly recall: Float32Array | null;
  regions: number;
  images: number;
}

export class PixelGrid {
  readonly #edges: Float32Array;
  readonly #found: Uint16Array;
  /** For the upper bits of a score's ordered bits, the first bin that such a score can be in. */
  readonly #firstBin: Uint16Array;
  readonly #normal: GridRow[] = [];
  readonly #anomalous: GridRow[] = [];
  readonly #random: RandomStream;
  #normalImages = 0;
  #anomalousImages = 0;

  constructor(edges: Float32Array, size: MapSize, seed: number) {
    this.#edges = edges;
    this.#found = new Uint16Array(size.height * size.width);
    this.#random = new RandomStream(seed, 'groups of images');
    this.#firstBin = firstBins(edges);
  }

  get bins(): number {
    return this.#edges.length + 1;
  }

  get normalRows(): number {
    return this.#normal.length;
  }

  get anomalousRows(): number {
    return this.#anomalous.length;
  }

  /** Lower end of a bin; −∞ for the lowest. */
  lowerEnd(bin: number): number {
    return bin === 0 ? Number.NEGATIVE_INFINITY : this.#edges[bin - 1]!;
  }

  /** Counts one map; arguments as of `PixelHistogram.add`. */
  add(map: Float32Array, regions: MeasuredRegions | null): void {
    const bins = this.#binsOf(map);
    if (regions === null) {
      const { normals } = this.#rowFor(this.#normal, this.#normalImages, true);
      this.#normalImages += 1;
      if (normals !== null) for (let i = 0; i < bins.length; i += 1) normals[bins[i]!]! += 1;
      return;
    }
    const row = this.#rowFor(this.#anomalous, this.#anomalousImages, false);
    this.#anomalousImages += 1;
    row.regions += regions.count;
    if (regions.count > 0) row.images += 1;
    const { negatives, positives, overlap, recall } = row;
    if (negatives === null || positives === null || overlap === null || recall === null) return;
    const { labels, pixels } = regions;
    const perImage = 1 / (map.length - pixels[0]!);
    for (let i = 0; i < bins.length; i += 1) {
      const bin = bins[i]!;
      const label = labels[i]!;
      if (label === 0) {
        negatives[bin]! += 1;
        continue;
      }
      positives[bin]! += 1;
      overlap[bin]! += 1 / pixels[label]!;
      recall[bin]! += perImage;
    }
  }

  /** Takes a row that was counted before, of normal images or of others. */
  addRow(bins: KeyedBins, totals: PixelTotals, isNormal: boolean): void {
    const row = this.#rowFor(isNormal ? this.#normal : this.#anomalous, 0, isNormal);
    row.regions = totals.regions;
    row.images = totals.images;
    let to = 0;
    for (let bin = 0; bin < bins.low.length; bin += 1) {
      const score = scoreOf(bins.low[bin]!);
      while (to < this.#edges.length && this.#edges[to]! <= score) to += 1;
      if (row.normals !== null) row.normals[to]! += bins.normals[bin]!;
      if (row.negatives !== null) row.negatives[to]! += bins.negatives[bin]!;
      if (row.positives !== null) row.positives[to]! += bins.positives[bin]!;
      if (row.overlap !== null) row.overlap[to]! += bins.overlap[bin]!;
      if (row.recall !== null) row.recall[to]! += bins.recall[bin]!;
    }
  }

  /** Adds up rows, each as often as its count says; normal rows first. Overwrites `bins`. */
  addUp(counts: Uint32Array, bins: PixelBins): PixelTotals {
    const totals = { regions: 0, images: 0 };
    for (const sums of Object.values(bins) as Float64Array[]) sums.fill(0);
    for (const [index, row] of this.#normal.entries()) {
      addTimes(row.normals, counts[index]!, bins.normals);
    }
    for (const [index, row] of this.#anomalous.entries()) {
      const times = counts[this.#normal.length + index]!;
      addTimes(row.negatives, times, bins.negatives);
      addTimes(row.positives, times, bins.positives);
      addTimes(row.overlap, times, bins.overlap);
      addTimes(row.recall, times, bins.recall);
      totals.regions += times * row.regions;
      totals.images += times * row.images;
    }
    return totals;
  }

  emptyBins(): PixelBins {
    return emptyBins(this.bins);
  }

  #rowFor(rows: GridRow[], images: number, isNormal: boolean): GridRow {
    if (images >= MAX_GROUPS) return rows[this.#random.below(MAX_GROUPS)]!;
    const make = (isNeeded: boolean) => (isNeeded ? new Float32Array(this.bins) : null);
    const row = {
      normals: make(isNormal),
      negatives: make(!isNormal),
      positives: make(!isNormal),
      overlap: make(!isNormal),
      recall: make(!isNormal),
      regions: 0,
      images: 0,
    };
    rows.push(row);
    return row;
  }

  /** The bin of each pixel; overwritten by the next call. */
  #binsOf(map: Float32Array): Uint16Array {
    const edges = this.#edges;
    const firstBin = this.#firstBin;
    const found = this.#found;
    const bits = bitsOf(map);
    for (let i = 0; i < bits.length; i += 1) {
      const score = map[i]!;
      const upper = (orderedBits(bits[i]!) >> DROPPED_BITS) + HALF;
      let low = firstBin[upper]!;
      let high = firstBin[upper + 1]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (edges[middle]! <= score) low = middle + 1;
        else high = middle;
      }
      found[i] = low;
    }
    return found.subarray(0, bits.length);
  }
}

/** Of 32; so few that hardly two edges share the upper ones. */
const DROPPED_BITS = 12;
const HALF = 1 << (31 - DROPPED_BITS);

function firstBins(edges: Float32Array): Uint16Array {
  const first = new Uint16Array(2 * HALF + 1).fill(edges.length);
  const bits = bitsOf(Float32Array.from(edges));
  let bin = 0;
  for (let upper = 0; upper < 2 * HALF; upper += 1) {
    while (bin < bits.length && (orderedBits(bits[bin]!) >> DROPPED_BITS) + HALF < upper) bin += 1;
    first[upper] = bin;
  }
  return first;
}

function addTimes(row: Float32Array | null, times: number, sums: Float64Array): void {
  if (row === null || times === 0) return;
  for (let bin = 0; bin < row.length; bin += 1) sums[bin]! += times * row[bin]!;
}
