/** @file Pixel metrics of a histogram against those of all pixels ranked, on maps of several shapes, beside the stored bound. */
import { PIXEL_METRIC_NAMES } from '@plumbline/contracts';
import { type Evaluation, Evaluator } from '@plumbline/eval';
import { standardNormal, xorshift } from '../random.ts';
import type { Simulation, SimulationRow } from './simulation.ts';

interface Shape {
  readonly shape: string;
  readonly of: (z: number) => number;
  /** Whether a map's scores are 10,000 times as high; by its place among the maps. */
  readonly isScaled?: (index: number, maps: number) => boolean;
}

const SHAPES: readonly Shape[] = [
  { shape: 'normal', of: (z) => z },
  { shape: 'sigmoid(3z)', of: (z) => 1 / (1 + Math.exp(-3 * z)) },
  { shape: 'z - 10000', of: (z) => z - 1e4 },
  { shape: 'heavy ties', of: (z) => Math.round(8 * z) / 8 },
  { shape: 'z, every fifth map 10,000 z', of: (z) => z, isScaled: (index) => index % 5 === 0 },
  // What a category's own order could be, and evaluations mix.
  { shape: 'z, the first fifth 10,000 z', of: (z) => z, isScaled: (at, maps) => at < maps / 5 },
];
interface Case {
  readonly maps: number;
  readonly side: number;
  /** Anomalous pixels of an anomalous map. */
  readonly marked: number;
}

/** Normal maps first. */
const CASES: readonly Case[] = [
  { maps: 40, side: 64, marked: 200 },
  { maps: 270, side: 256, marked: 400 },
];
/** A category of Real-IAD; too many pixels to rank. Labels alternate, as evaluations mix them. */
const LARGE: Case = { maps: 3800, side: 256, marked: 400 };

export const histogramError: Simulation = {
  name: 'histogram-error',
  about:
    'Largest error of any pixel metric from a histogram, and the largest bound that it stores.',
  trials: 1,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const shape of SHAPES) {
      for (const one of CASES) {
        for (let trial = 0; trial < trials; trial += 1) {
          rows.push({ shape: shape.shape, ...one, ...compare(one, shape, seed + trial + 1) });
        }
      }
    }
    return rows;
  },
};

export const histogramBound: Simulation = {
  name: 'histogram-bound',
  about: 'The largest bound of any pixel metric of a category of Real-IAD.',
  trials: 1,
  run({ seed }) {
    return SHAPES.map((shape) => {
      const binned = evaluate(LARGE, shape, {
        seed: seed + 1,
        exactPixelBudget: 1,
        isAnomalous: (index) => index % 2 === 1,
      });
      return { shape: shape.shape, ...LARGE, ...describe(binned) };
    });
  },
};

function compare(one: Case, shape: Shape, seed: number): SimulationRow {
  const isAnomalous = (index: number) => index >= one.maps / 2;
  const options = { seed, isAnomalous };
  const binned = evaluate(one, shape, { ...options, exactPixelBudget: 1 });
  const exact = evaluate(one, shape, { ...options, exactPixelBudget: Number.POSITIVE_INFINITY });
  const errors = PIXEL_METRIC_NAMES.map((metric) => {
    const [a, b] = [binned.mean[metric], exact.mean[metric]];
    return a === null || b === null ? 0 : Math.abs(a - b);
  });
  return {
    ...describe(binned),
    exactAupimo: exact.mean.aupimo,
    largestError: Math.max(...errors),
  };
}

interface EvaluateOptions {
  readonly seed: number;
  readonly exactPixelBudget: number;
  readonly isAnomalous: (index: number) => boolean;
}

function evaluate(
  { maps, side, marked }: Case,
  { of, isScaled }: Shape,
  { seed, exactPixelBudget, isAnomalous }: EvaluateOptions,
): Evaluation {
  const normal = standardNormal(xorshift(seed));
  const evaluator = new Evaluator(
    { height: side, width: side },
    { exactPixelBudget, resamples: 0 },
  );
  const mask = new Uint8Array(side * side).fill(1, 0, marked);
  for (let index = 0; index < maps; index += 1) {
    const isMarked = isAnomalous(index);
    const scale = isScaled?.(index, maps) === true ? 1e4 : 1;
    evaluator.add({
      path: `${index}.png`,
      category: 'made',
      label: isMarked ? 'anomalous' : 'normal',
      imageScore: index,
      anomalyMap: Float32Array.from(
        mask,
        (inside) => scale * of(normal() + (isMarked && inside === 1 ? 3 : 0)),
      ),
      mask: isMarked ? mask : null,
    });
  }
  return evaluator.evaluate();
}

function describe({ mean, pixelErrorBounds }: Evaluation): SimulationRow {
  const bounds = pixelErrorBounds['made'] ?? {};
  return {
    aupimo: mean.aupimo,
    undefinedMetrics: PIXEL_METRIC_NAMES.filter((name) => mean[name] === null).length,
    largestBound: Math.max(...PIXEL_METRIC_NAMES.map((metric) => bounds[metric] ?? 0)),
  };
}
