/**
 * @file The pixels of one category: kept, and ranked exactly, as long as they are few; counted in a histogram from the
 * image on with which they become too many.
 */

import { type CurvePoints, curvePoints } from '../curves/curve-points.ts';
import { type MapSize, pixelCurve } from '../curves/pixel-curve.ts';
import { PixelHistogram } from '../curves/pixel-histogram.ts';
import type { RankedCurve } from '../curves/ranked-curve.ts';
import type { EvaluatedCounts } from '../evaluation/undefined-codes.ts';
import type { ResampleOptions } from '../uncertainty/image-resamples.ts';
import { gridEdges, PixelGrid } from '../uncertainty/pixel-grid.ts';
import { type PixelResamples, resamplePixelMetrics } from '../uncertainty/pixel-resamples.ts';
import { aupimo } from './aupimo.ts';
import { measureRegions } from './connected-regions.ts';
import { type PixelMetrics, pixelMetricsOf, UNDEFINED_PIXEL_METRICS } from './pixel-metrics.ts';

/**
 * Pixels of a category that are ranked exactly, 256 maps of 256 × 256: with maps, masks and sorting about 300 MB. All
 * categories of MVTec AD and VisA are below.
 */
export const EXACT_PIXEL_BUDGET = 2 ** 24;

export interface CategoryPixelsOptions extends ResampleOptions {
  readonly exactPixelBudget: number;
}

export interface PixelCurves {
  readonly pixelRoc: CurvePoints | null;
  readonly pixelPr: CurvePoints | null;
  readonly pro: CurvePoints | null;
}

export interface PixelEvaluation {
  readonly method: 'exact' | 'histogram';
  readonly metrics: PixelMetrics;
  readonly curves: PixelCurves;
  readonly counts: Pick<EvaluatedCounts, 'masks' | 'anomalousPixels' | 'normalPixels'>;
  /** Null where there is nothing to resample. */
  readonly resamples: PixelResamples | null;
}

interface KnownMap {
  readonly map: Float32Array;
  /** Null = a normal image. */
  readonly mask: Uint8Array | null;
}

/** Without a mask, nobody knows which pixels are anomalous. */
const NOTHING: Omit<PixelEvaluation, 'method'> = {
  metrics: UNDEFINED_PIXEL_METRICS,
  curves: { pixelRoc: null, pixelPr: null, pro: null },
  counts: { masks: 0, anomalousPixels: 0, normalPixels: 0 },
  resamples: null,
};

export class CategoryPixels {
  readonly #name: string;
  readonly #size: MapSize;
  readonly #options: CategoryPixelsOptions;
  #kept: KnownMap[] = [];
  #streamed: { readonly histogram: PixelHistogram; readonly grid: PixelGrid | null } | null = null;
  #masks = 0;

  constructor(name: string, size: MapSize, options: CategoryPixelsOptions) {
    this.#name = name;
    this.#size = size;
    this.#options = options;
  }

  /** Takes a map whose mask is known; null = a normal image. Keeps both by reference while it ranks exactly. */
  add(map: Float32Array, mask: Uint8Array | null): void {
    if (mask !== null) this.#masks += 1;
    if (this.#streamed !== null) {
      this.#count(map, mask);
      return;
    }
    this.#kept.push({ map, mask });
    if (this.#kept.length * map.length > this.#options.exactPixelBudget) this.#startStreaming();
  }

  evaluate(): PixelEvaluation {
    const method = this.#streamed === null ? 'exact' : 'histogram';
    if (this.#masks === 0) return { method, ...NOTHING };
    return this.#streamed === null ? this.#evaluateKept() : this.#evaluateStreamed();
  }

  #evaluateKept(): PixelEvaluation {
    const maps = this.#kept.map(({ map }) => map);
    const masks = this.#kept.map(({ mask }) => mask);
    const curve = pixelCurve(maps, masks, this.#size);
    const metrics = pixelMetricsOf(curve, aupimo(maps, masks));
    const grid = this.#gridOfKept(curve);
    return this.#finish('exact', curve, metrics, grid);
  }

  #evaluateStreamed(): PixelEvaluation {
    if (this.#streamed === null) throw new Error('The pixels are not in a histogram');
    const { histogram, grid } = this.#streamed;
    const curve = histogram.curve();
    return this.#finish('histogram', curve, pixelMetricsOf(curve, histogram.aupimo()), grid);
  }

  #finish(
    method: PixelEvaluation['method'],
    curve: RankedCurve,
    metrics: PixelMetrics,
    grid: PixelGrid | null,
  ): PixelEvaluation {
    const curves = {
      pixelRoc: curvePoints(curve, 'roc'),
      pixelPr: curvePoints(curve, 'pr'),
      pro: curvePoints(curve, 'pro'),
    };
    const resamples =
      grid === null ? null : resamplePixelMetrics(grid, metrics, this.#name, this.#options);
    const { positives: anomalousPixels, negatives: normalPixels } = curve;
    const counts = { masks: this.#masks, anomalousPixels, normalPixels };
    return { method, metrics, curves, counts, resamples };
  }

  /** The kept maps on a grid made for their curve; null when nothing is to be resampled. */
  #gridOfKept(curve: RankedCurve): PixelGrid | null {
    if (this.#options.resamples === 0) return null;
    const grid = new PixelGrid(gridEdges(curve), this.#size, this.#options.seed);
    for (const { map, mask } of this.#kept) grid.add(map, this.#regionsOf(mask));
    return grid;
  }

  /** What is kept goes into the histogram. The grid is laid by it too: later images find its edges as they are. */
  #startStreaming(): void {
    const histogram = new PixelHistogram();
    for (const { map, mask } of this.#kept) histogram.add(map, this.#regionsOf(mask));
    const grid = this.#gridOfKept(histogram.curve());
    this.#streamed = { histogram, grid };
    this.#kept = [];
  }

  #count(map: Float32Array, mask: Uint8Array | null): void {
    const regions = this.#regionsOf(mask);
    this.#streamed?.histogram.add(map, regions);
    this.#streamed?.grid?.add(map, regions);
  }

  #regionsOf(mask: Uint8Array | null) {
    return mask === null ? null : measureRegions(mask, this.#size.height, this.#size.width);
  }
}
