/**
 * @file The pixels of one category: kept, and ranked exactly, as long as they are few; counted in a histogram from the
 * image on with which they become too many.
 */

import { byMetric, LARGEST_PIXEL_ERROR, PIXEL_METRIC_NAMES } from '@plumbline/contracts';
import { type CurvePoints, curvePoints } from '../curves/curve-points.ts';
import { type MapSize, pixelCurve } from '../curves/pixel-curve.ts';
import { PixelHistogram } from '../curves/pixel-histogram.ts';
import type { RankedCurve } from '../curves/ranked-curve.ts';
import type { EvaluatedCounts } from '../evaluation/undefined-codes.ts';
import type { ResampleOptions } from '../uncertainty/image-resamples.ts';
import { gridEdges, PixelGrid } from '../uncertainty/pixel-grid.ts';
import { jackknifePixelMetrics, type PixelJackknife } from '../uncertainty/pixel-jackknife.ts';
import { PixelRows } from '../uncertainty/pixel-rows.ts';
import { aupimo } from './aupimo.ts';
import { countedPixels, isCounted, type KnownMap, keptOf } from './counted-pixels.ts';
import { type PixelMetrics, pixelMetricsOf, UNDEFINED_PIXEL_METRICS } from './pixel-metrics.ts';

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
  /** At most how far each metric is from that of exact ranking; null with `exact`, where it is 0. */
  readonly errorBounds: PixelMetrics | null;
  readonly curves: PixelCurves;
  readonly counts: Pick<
    EvaluatedCounts,
    'masks' | 'anomalousPixels' | 'normalPixels' | 'pixelsOfNormal'
  >;
  /** Null where no intervals are wanted, or there is nothing to leave out. */
  readonly jackknife: PixelJackknife | null;
}

/** Without a mask, nobody knows which pixels are anomalous. */
const NOTHING: Omit<PixelEvaluation, 'method'> = {
  metrics: UNDEFINED_PIXEL_METRICS,
  errorBounds: null,
  curves: { pixelRoc: null, pixelPr: null, pro: null },
  counts: { masks: 0, anomalousPixels: 0, normalPixels: 0, pixelsOfNormal: 0 },
  jackknife: null,
};

export class CategoryPixels {
  readonly #size: MapSize;
  readonly #options: CategoryPixelsOptions;
  #kept: KnownMap[] = [];
  #streamed: { readonly histogram: PixelHistogram; readonly rows: PixelRows | null } | null = null;
  #masks = 0;
  #pixelsOfNormal = 0;

  constructor(size: MapSize, options: CategoryPixelsOptions) {
    this.#size = size;
    this.#options = options;
  }

  /** Takes a map whose mask is known. Keeps all of it by reference while it ranks exactly. */
  add(known: KnownMap): void {
    if (!isCounted(known)) return;
    const { map, mask, ignored } = known;
    if (mask !== null) this.#masks += 1;
    else this.#pixelsOfNormal += keptOf(map, ignored).length;
    if (this.#streamed !== null) {
      this.#count(known);
      return;
    }
    this.#kept.push(known);
    if (this.#kept.length * map.length > this.#options.exactPixelBudget) this.#startStreaming();
  }

  evaluate(): PixelEvaluation {
    const method = this.#streamed === null ? 'exact' : 'histogram';
    if (this.#masks === 0) {
      const counts = { ...NOTHING.counts, pixelsOfNormal: this.#pixelsOfNormal };
      return { method, ...NOTHING, counts };
    }
    return this.#streamed === null ? this.#evaluateKept() : this.#evaluateStreamed();
  }

  #evaluateKept(): PixelEvaluation {
    const maps = this.#kept.map(({ map }) => map);
    const masks = this.#kept.map(({ mask }) => mask);
    const ignored = this.#kept.map((known) => known.ignored);
    const curve = pixelCurve(maps, masks, this.#size, ignored);
    const pimo = aupimo(
      this.#kept.map((known) => keptOf(known.map, known.ignored)),
      this.#kept.map(({ mask, ignored }) => mask && keptOf(mask, ignored)),
    );
    const metrics = pixelMetricsOf(curve, pimo);
    const grid = this.#gridOfKept(curve);
    return { ...this.#finish(curve, metrics, grid), method: 'exact', errorBounds: null };
  }

  #evaluateStreamed(): PixelEvaluation {
    if (this.#streamed === null) throw new Error('The pixels are not in a histogram');
    const { histogram, rows } = this.#streamed;
    const curve = histogram.curve();
    const binned = pixelMetricsOf(curve, histogram.aupimo());
    const errorBounds = histogram.errorBounds(binned);
    const metrics = byMetric(PIXEL_METRIC_NAMES, (metric) =>
      (errorBounds[metric] ?? 0) > LARGEST_PIXEL_ERROR ? null : binned[metric],
    );
    const finished = this.#finish(curve, metrics, rows?.grid(curve) ?? null);
    return { ...finished, method: 'histogram', errorBounds };
  }

  #finish(
    curve: RankedCurve,
    metrics: PixelMetrics,
    grid: PixelGrid | null,
  ): Omit<PixelEvaluation, 'method' | 'errorBounds'> {
    const curves = {
      pixelRoc: curvePoints(curve, 'roc'),
      pixelPr: curvePoints(curve, 'pr'),
      pro: curvePoints(curve, 'pro'),
    };
    const jackknife = grid === null ? null : jackknifePixelMetrics(grid);
    const { positives: anomalousPixels, negatives: normalPixels } = curve;
    const counts = {
      ...{ masks: this.#masks, anomalousPixels, normalPixels },
      pixelsOfNormal: this.#pixelsOfNormal,
    };
    return { metrics, curves, counts, jackknife };
  }

  /** The kept maps on a grid made for their curve; null when no intervals are wanted. */
  #gridOfKept(curve: RankedCurve): PixelGrid | null {
    if (this.#options.resamples === 0) return null;
    const grid = new PixelGrid(gridEdges(curve), this.#size, this.#options.seed);
    for (const known of this.#kept) {
      const { map, regions } = countedPixels(known, this.#size);
      grid.add(map, regions);
    }
    return grid;
  }

  #startStreaming(): void {
    const rows =
      this.#options.resamples === 0 ? null : new PixelRows(this.#size, this.#options.seed);
    this.#streamed = { histogram: new PixelHistogram(), rows };
    for (const known of this.#kept) this.#count(known);
    this.#kept = [];
  }

  #count(known: KnownMap): void {
    const { map, regions } = countedPixels(known, this.#size);
    this.#streamed?.histogram.add(map, regions);
    this.#streamed?.rows?.add(map, regions);
  }
}
