/**
 * @file Images of a set that does not fit into memory, each or in groups as a summary of its own: what the grid of a
 * bootstrap is made from once the whole curve is known.
 */
import type { MapSize } from '../curves/pixel-curve.ts';
import { PixelHistogram } from '../curves/pixel-histogram.ts';
import type { RankedCurve } from '../curves/ranked-curve.ts';
import type { MeasuredRegions } from '../metrics/connected-regions.ts';
import { gridEdges, MAX_GROUPS, PixelGrid } from './pixel-grid.ts';
import { RandomStream } from './random-stream.ts';

/** Of each row; as many as the grid has edges. */
const BINS_PER_ROW = 1024;

export class PixelRows {
  readonly #size: MapSize;
  readonly #seed: number;
  readonly #random: RandomStream;
  readonly #normal: PixelHistogram[] = [];
  readonly #anomalous: PixelHistogram[] = [];

  constructor(size: MapSize, seed: number) {
    this.#size = size;
    this.#seed = seed;
    this.#random = new RandomStream(seed, 'groups of images');
  }

  /** Counts one map; arguments as of `PixelHistogram.add`. */
  add(map: Float32Array, regions: MeasuredRegions | null): void {
    const rows = regions === null ? this.#normal : this.#anomalous;
    if (rows.length < MAX_GROUPS) {
      const row = new PixelHistogram(BINS_PER_ROW);
      row.add(map, regions);
      rows.push(row);
      return;
    }
    rows[this.#random.below(MAX_GROUPS)]!.add(map, regions);
  }

  /** All rows on a grid made for the curve. */
  grid(curve: RankedCurve): PixelGrid {
    const grid = new PixelGrid(gridEdges(curve), this.#size, this.#seed);
    for (const isNormal of [true, false]) {
      for (const row of isNormal ? this.#normal : this.#anomalous) {
        const { bins, totals } = row.summary();
        grid.addRow(bins, totals, isNormal);
      }
    }
    return grid;
  }
}
