/** @file Places models in the plane of latency and image AUROC. */
import type { LeaderboardRow } from '@plumbline/contracts';

export interface TradeoffPoint {
  readonly row: LeaderboardRow;
  /** 0 (fastest shown) to 1, on a logarithmic latency scale. */
  readonly x: number;
  /** 0 (lowest shown) to 1 (highest shown) image AUROC. */
  readonly y: number;
}

export interface Tradeoff {
  readonly points: TradeoffPoint[];
  readonly latency: { readonly low: number; readonly high: number };
  readonly accuracy: { readonly low: number; readonly high: number };
}

/** Null when no row has both a defined image AUROC and a measured latency. */
export function tradeoff(rows: readonly LeaderboardRow[]): Tradeoff | null {
  const placed = rows.flatMap((row) => {
    const accuracy = row.mean.imageAuroc;
    const { p50 } = row.latencyMs;
    return accuracy === null || p50 === null || p50 <= 0 ? [] : [{ row, accuracy, p50 }];
  });
  if (placed.length === 0) return null;
  const latencies = placed.map(({ p50 }) => p50);
  const accuracies = placed.map(({ accuracy }) => accuracy);
  const latency = { low: Math.min(...latencies) / 1.3, high: Math.max(...latencies) * 1.3 };
  const accuracy = {
    low: Math.max(0, Math.min(...accuracies) - 0.02),
    high: Math.min(1, Math.max(...accuracies) + 0.02),
  };
  const logSpan = Math.log(latency.high / latency.low);
  const points = placed.map(({ row, accuracy: value, p50 }) => ({
    row,
    x: Math.log(p50 / latency.low) / logSpan,
    y: (value - accuracy.low) / (accuracy.high - accuracy.low),
  }));
  return { points, latency, accuracy };
}
