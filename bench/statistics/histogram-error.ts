/** @file Pixel metrics of a histogram against those of all pixels ranked, on maps of several shapes, beside the stored bound. */
import { PIXEL_METRIC_NAMES } from '@plumbline/contracts';
import { Evaluator } from '@plumbline/eval';
import { standardNormal, xorshift } from '../random.ts';
import type { Simulation, SimulationRow } from './simulation.ts';

const SHAPES: readonly { readonly shape: string; readonly of: (z: number) => number }[] = [
  { shape: 'normal', of: (z) => z },
  { shape: 'sigmoid(3z)', of: (z) => 1 / (1 + Math.exp(-3 * z)) },
  { shape: 'z - 10000', of: (z) => z - 1e4 },
  { shape: 'heavy ties', of: (z) => Math.round(8 * z) / 8 },
];
const CASES = [
  { maps: 40, side: 64, marked: 200 },
  { maps: 270, side: 256, marked: 400 },
];

export const histogramError: Simulation = {
  name: 'histogram-error',
  about:
    'Largest error of any pixel metric from a histogram, and the largest bound that it stores.',
  trials: 1,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const { shape, of } of SHAPES) {
      for (const one of CASES) {
        for (let trial = 0; trial < trials; trial += 1) {
          rows.push({ shape, ...one, ...compare(one, of, seed + trial + 1) });
        }
      }
    }
    return rows;
  },
};

function compare(
  { maps, side, marked }: (typeof CASES)[number],
  of: (z: number) => number,
  seed: number,
): SimulationRow {
  const size = { height: side, width: side };
  const ways = [1, Number.POSITIVE_INFINITY].map((exactPixelBudget) => {
    const normal = standardNormal(xorshift(seed));
    const evaluator = new Evaluator(size, { exactPixelBudget, resamples: 0 });
    const mask = new Uint8Array(side * side).fill(1, 0, marked);
    for (let index = 0; index < maps; index += 1) {
      const isAnomalous = index >= maps / 2;
      evaluator.add({
        path: `${index}.png`,
        category: 'made',
        label: isAnomalous ? 'anomalous' : 'normal',
        imageScore: index,
        anomalyMap: Float32Array.from(mask, (inside) =>
          of(normal() + (isAnomalous && inside === 1 ? 3 : 0)),
        ),
        mask: isAnomalous ? mask : null,
      });
    }
    return evaluator.evaluate();
  });
  const [binned, exact] = ways;
  const bounds = binned?.pixelErrorBounds['made'] ?? {};
  const errors = PIXEL_METRIC_NAMES.map((metric) => {
    const [a, b] = [binned?.mean[metric] ?? null, exact?.mean[metric] ?? null];
    return a === null || b === null ? 0 : Math.abs(a - b);
  });
  return {
    aupimo: binned?.mean.aupimo ?? null,
    exactAupimo: exact?.mean.aupimo ?? null,
    undefinedMetrics: PIXEL_METRIC_NAMES.filter((name) => binned?.mean[name] === null).length,
    largestError: Math.max(...errors),
    largestBound: Math.max(...PIXEL_METRIC_NAMES.map((metric) => bounds[metric] ?? 0)),
  };
}
