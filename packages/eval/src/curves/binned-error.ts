/**
 * @file How far metrics of binned pixels can be from those of the pixels ranked exactly: the order of scores within a
 * bin is not known, so each metric lies between its value for the best and for the worst order. A bin of one score adds
 * nothing. Bounds are of real numbers; rounding is far below them.
 */
import { pimoShare } from '../metrics/aupimo.ts';
import type { PixelMetrics } from '../metrics/pixel-metrics.ts';
import type { PixelBins, PixelTotals } from './binned-curve.ts';

export type KeyedBins = PixelBins & { readonly low: Int32Array; readonly high: Int32Array };

interface Sums {
  readonly positives: number;
  readonly negatives: number;
  readonly normals: number;
}

/**
 * @param metrics of the bins, with all scores of a bin taken as equal
 * @returns each in [0, 1]; null where the metric is
 */
export function binnedErrorBounds(
  bins: KeyedBins,
  totals: PixelTotals,
  metrics: PixelMetrics,
): PixelMetrics {
  const sums = sumUp(bins);
  const bounds: Readonly<Record<keyof PixelMetrics, () => number>> = {
    pixelAuroc: () => aurocBound(bins, sums),
    pixelAp: () => apBound(bins, sums),
    pixelF1Max: () => bestF1(bins, sums) - (metrics.pixelF1Max ?? 0),
    pixelIouMax: () => {
      const best = bestF1(bins, sums);
      return best / (2 - best) - (metrics.pixelIouMax ?? 0);
    },
    aupro30: () => auproBound(bins, totals, sums, 0.3),
    aupro05: () => auproBound(bins, totals, sums, 0.05),
    aupro01: () => auproBound(bins, totals, sums, 0.01),
    aupimo: () => aupimoBound(bins, totals, sums),
  };
  const result: Record<string, number | null> = {};
  for (const [name, bound] of Object.entries(bounds)) {
    const isDefined = metrics[name as keyof PixelMetrics] !== null; // keys of the literal above
    result[name] = isDefined ? Math.min(1, Math.max(0, bound())) : null;
  }
  return result as PixelMetrics;
}

function sumUp({ normals, negatives, positives }: KeyedBins): Sums {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const ofNormals = sum(normals);
  return { positives: sum(positives), negatives: ofNormals + sum(negatives), normals: ofNormals };
}

/** What lies above a bin, and in it. */
interface Step {
  readonly bin: number;
  /** Of one score, so that its order is known. */
  readonly isSingle: boolean;
  readonly hits: number;
  readonly alarms: number;
  readonly p: number;
  readonly n: number;
}

function* fromTheTop({ low, high, normals, negatives, positives }: KeyedBins): Generator<Step> {
  let hits = 0;
  let alarms = 0;
  for (let bin = low.length - 1; bin >= 0; bin -= 1) {
    const p = positives[bin]!;
    const n = normals[bin]! + negatives[bin]!;
    yield { bin, isSingle: low[bin] === high[bin], hits, alarms, p, n };
    hits += p;
    alarms += n;
  }
}

/** Pairs of one bin count one half each, and may all count 0 or 1. */
function aurocBound(bins: KeyedBins, sums: Sums): number {
  let pairs = 0;
  for (const { isSingle, p, n } of fromTheTop(bins)) if (!isSingle) pairs += (p * n) / 2;
  return pairs / (sums.positives * sums.negatives);
}

/**
 * Best: all positives of the bin are equal and above its negatives. Worst: the negatives come first and the positives are
 * apart, a sum of (H + i) / (H + i + C) that is at least its integral.
 */
function apBound(bins: KeyedBins, { positives }: Sums): number {
  let above = 0;
  let below = 0;
  for (const { isSingle, hits, alarms, p, n } of fromTheTop(bins)) {
    if (isSingle || p === 0) continue;
    const here = (p * (hits + p)) / (hits + p + alarms + n);
    const others = alarms + n;
    const worst = others === 0 ? p : p - others * Math.log1p(p / (hits + others));
    above += (p * (hits + p)) / (hits + p + alarms) - here;
    below += here - worst;
  }
  return Math.max(above, below) / positives;
}

/** The largest F1 that an order within the bins could reach. */
function bestF1(bins: KeyedBins, { positives }: Sums): number {
  let best = 0;
  for (const { isSingle, hits, alarms, p, n } of fromTheTop(bins)) {
    if (p === 0) continue;
    const marked = hits + p + alarms + (isSingle ? n : 0);
    best = Math.max(best, (2 * (hits + p)) / (marked + positives));
  }
  return best;
}

/** The curve goes from one corner of the bin's rectangle to the other; the straight line between them is taken. */
function auproBound(bins: KeyedBins, totals: PixelTotals, sums: Sums, limit: number): number {
  let area = 0;
  for (const { bin, isSingle, alarms, n } of fromTheTop(bins)) {
    const rate = alarms / sums.negatives;
    if (rate >= limit) break;
    if (isSingle || n === 0) continue;
    const width = n / sums.negatives;
    const inside = Math.min(width, limit - rate);
    const rise = bins.overlap[bin]! / totals.regions;
    const taken = (rise * inside) / width / 2; // mean height above the lower corner
    area += inside * Math.max(taken, rise - taken);
  }
  return area / limit;
}

/** All normal pixels of a bin are taken to reach each of its positives; none may. */
function aupimoBound(bins: KeyedBins, totals: PixelTotals, { normals }: Sums): number {
  let above = 0;
  let sum = 0;
  for (let bin = bins.low.length - 1; bin >= 0; bin -= 1) {
    const best = pimoShare(above, normals);
    if (best === 0) break;
    above += bins.normals[bin]!;
    if (bins.low[bin] === bins.high[bin]) continue;
    sum += bins.recall[bin]! * (best - pimoShare(above, normals));
  }
  return sum / totals.images;
}
