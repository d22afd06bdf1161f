/** @file The pixel metrics of a ranked curve. */
import type { Metrics } from '@plumbline/contracts';
import type { RankedCurve } from '../curves/ranked-curve.ts';
import {
  curveAupro,
  curveAuroc,
  curveAveragePrecision,
  curveF1Max,
  curveIouMax,
} from './curve-metrics.ts';

/** False positive rates up to which AUPRO@0.30 and AUPRO@0.05 integrate. */
export const AUPRO_LIMIT = 0.3;
export const STRICT_AUPRO_LIMIT = 0.05;

export type PixelMetrics = Pick<
  Metrics,
  'pixelAuroc' | 'pixelAp' | 'pixelF1Max' | 'pixelIouMax' | 'aupro30' | 'aupro05' | 'aupimo'
>;

export const UNDEFINED_PIXEL_METRICS: PixelMetrics = {
  pixelAuroc: null,
  pixelAp: null,
  pixelF1Max: null,
  pixelIouMax: null,
  aupro30: null,
  aupro05: null,
  aupimo: null,
};

/** @param aupimo is not of the curve: its false positive rate is that of normal images alone. */
export function pixelMetricsOf(curve: RankedCurve, aupimo: number | null): PixelMetrics {
  return {
    pixelAuroc: curveAuroc(curve),
    pixelAp: curveAveragePrecision(curve),
    pixelF1Max: curveF1Max(curve)?.value ?? null,
    pixelIouMax: curveIouMax(curve),
    aupro30: curveAupro(curve, AUPRO_LIMIT),
    aupro05: curveAupro(curve, STRICT_AUPRO_LIMIT),
    aupimo,
  };
}
