/** @file How often the intervals of pixel metrics hold the true ones, those of a population of images that were made alike. */
import { PIXEL_METRIC_NAMES, type PixelMetricName } from '@plumbline/contracts';
import { type Evaluation, Evaluator } from '@plumbline/eval';
import { xorshift } from '../random.ts';
import { coverageRows, TEST_SETS, type TestSet } from './coverage.ts';
import { drawMaps, type PixelDetector } from './made-pixels.ts';
import type { Simulation, SimulationOptions, SimulationRow } from './simulation.ts';

interface Case extends PixelDetector {
  readonly metrics: readonly PixelMetricName[];
  /** Images of the population, in test sets: its error is then a sixteenth of that of one. */
  readonly population: number;
}

/** Those that small maps can show. */
const MOST = PIXEL_METRIC_NAMES.filter((metric) => metric !== 'aupimo');
const CASES: readonly Case[] = [
  ...[1.5, 3.2, 4.2].map((lift) => ({ lift, side: 32, metrics: MOST, population: 250 })),
  { lift: 3.2, side: 80, metrics: ['aupimo'], population: 120 },
  { lift: 4.2, side: 80, metrics: ['aupimo'], population: 120 },
];

export const pixelCoverage: Simulation = {
  name: 'pixel-coverage',
  about: 'Share of 95 % intervals of pixel metrics that hold the true ones.',
  trials: 30,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const [index, one] of CASES.entries()) {
      for (const set of TEST_SETS) {
        rows.push(...simulate(one, set, { trials, seed: seed + 1000 * index + set.normal }));
      }
    }
    return rows;
  },
};

function simulate(one: Case, set: TestSet, { trials, seed }: SimulationOptions): SimulationRow[] {
  const random = xorshift(seed + 1);
  const { side, lift, metrics } = one;
  const found = coverageRows(
    {
      metrics,
      truth: truthOf(one, set, xorshift(seed + 12345)),
      size: { height: side, width: side },
      draw: (category) => drawMaps(category, one, set, random),
    },
    trials,
  );
  return found.map((row) => ({ side, lift, ...set, ...row }));
}

function truthOf(
  one: Case,
  { normal, anomalous }: TestSet,
  random: () => number,
): Evaluation['mean'] {
  const evaluator = new Evaluator({ height: one.side, width: one.side }, { resamples: 0 });
  const set = { normal: normal * one.population, anomalous: anomalous * one.population };
  for (const image of drawMaps('population', one, set, random)) evaluator.add(image);
  return evaluator.evaluate().mean;
}
