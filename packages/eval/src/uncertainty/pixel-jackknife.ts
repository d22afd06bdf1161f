/**
 * @file Jackknife of the pixel metrics over images, stratified by label, on the grid of `pixel-grid.ts`: how much each changes
 * where one image, or one group of images, is left out (B. Efron, C. Stein, Ann. Statist. 9, 1981). Unlike a bootstrap of
 * as few images it also says by how much a metric is too high, and how well its variance is known.
 */
import { byMetric, PIXEL_METRIC_NAMES, type PixelMetricName } from '@plumbline/contracts';
import { binnedAupimo, binnedCurve } from '../curves/binned-curve.ts';
import { type PixelMetrics, pixelMetricsOf } from '../metrics/pixel-metrics.ts';
import type { PixelGrid } from './pixel-grid.ts';

export interface Jackknife {
  readonly variance: number;
  /** Degrees of freedom of the variance. */
  readonly degrees: number;
  /** How much too high the metric is on average; may be negative. */
  readonly bias: number;
}

export type PixelJackknife = Readonly<Record<PixelMetricName, Jackknife>>;

/** Of a single image, within which nothing is known of the spread. */
const UNKNOWN: Jackknife = { variance: 0, degrees: 1, bias: 0 };

/** By label, what each metric gains when a row of the grid is left out; null where either is undefined. */
export interface LeftOut {
  readonly normal: readonly PixelMetrics[];
  readonly anomalous: readonly PixelMetrics[];
}

export function jackknifePixelMetrics(grid: PixelGrid): PixelJackknife {
  const { normal, anomalous } = leaveOut(grid);
  const isAlone = normal.length === 1 || anomalous.length === 1;
  return byMetric(PIXEL_METRIC_NAMES, (metric) => {
    const gainsOf = (rows: readonly PixelMetrics[]) =>
      rows.map((gains) => gains[metric]).filter((gain) => gain !== null);
    const found = jackknife([gainsOf(normal), gainsOf(anomalous)]);
    return isAlone ? { ...found, degrees: UNKNOWN.degrees } : found;
  });
}

export function leaveOut(grid: PixelGrid): LeftOut {
  const counts = new Uint32Array(grid.normalRows + grid.anomalousRows).fill(1);
  const bins = grid.emptyBins();
  const measure = (): PixelMetrics => {
    const totals = grid.addUp(counts, bins);
    const curve = binnedCurve(bins, totals, (bin) => grid.lowerEnd(bin));
    return pixelMetricsOf(curve, binnedAupimo(bins, totals));
  };
  const all = measure();
  const gains = Array.from(counts, (_, row) => {
    counts[row] = 0;
    const without = measure();
    counts[row] = 1;
    return byMetric(PIXEL_METRIC_NAMES, (metric) => {
      const [before, after] = [all[metric], without[metric]];
      return before === null || after === null ? null : after - before;
    });
  });
  return { normal: gains.slice(0, grid.normalRows), anomalous: gains.slice(grid.normalRows) };
}

/**
 * The stratified jackknife. Where a few images decide, their squares say little about the variance: its degrees of freedom follow
 * from the kurtosis κ of what n images change, 2n / (κ − 1), and are those of F. Satterthwaite over the strata.
 *
 * @param strata what leaving out each of a stratum's images changes
 */
export function jackknife(strata: readonly (readonly number[])[]): Jackknife {
  const parts = strata.filter((gains) => gains.length >= 2).map(ofStratum);
  if (parts.length === 0) return UNKNOWN;
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const weighted = parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0);
  return {
    variance,
    degrees:
      weighted === 0
        ? Math.min(...parts.map(({ degrees }) => degrees))
        : Math.max(1, variance ** 2 / weighted),
    bias: parts.reduce((sum, part) => sum + part.bias, 0),
  };
}

function ofStratum(gains: readonly number[]): Jackknife {
  const count = gains.length;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / count;
  const sumOf = (power: number) => gains.reduce((sum, gain) => sum + (gain - mean) ** power, 0);
  const squares = sumOf(2);
  const kurtosis = squares === 0 ? 1 : (count * sumOf(4)) / squares ** 2;
  return {
    variance: ((count - 1) / count) * squares,
    degrees: kurtosis <= 1 ? count - 1 : Math.min(count - 1, (2 * count) / (kurtosis - 1)),
    bias: (count - 1) * mean,
  };
}
