/** @file How often the intervals of pixel metrics hold the true ones, those of a population of images that were made alike. */
import { PIXEL_METRIC_NAMES } from '@plumbline/contracts';
import { type Evaluation, Evaluator } from '@plumbline/eval';
import { xorshift } from '../random.ts';
import { coverageRows, TEST_SETS, type TestSet } from './coverage.ts';
import { drawMaps, type PixelDetector, SIDE } from './made-pixels.ts';
import type { Simulation, SimulationRow } from './simulation.ts';

const DETECTORS: readonly PixelDetector[] = [{ lift: 1.5 }, { lift: 3.2 }, { lift: 4.2 }];
const SIZE = { height: SIDE, width: SIDE };
/** Times a test set: its own error is then a twentieth of that of one. */
const POPULATION = 20;
/** Fewer than in evaluations, for speed: their variance is known to 10 %. */
const RESAMPLES = 200;

export const pixelCoverage: Simulation = {
  name: 'pixel-coverage',
  about: 'Share of 95 % intervals of pixel metrics that hold the true ones.',
  trials: 30,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const detector of DETECTORS) {
      for (const set of TEST_SETS) {
        const random = xorshift(seed + 1);
        const found = coverageRows(
          {
            metrics: PIXEL_METRIC_NAMES,
            truth: truthOf(detector, set, xorshift(seed + 12345)),
            size: SIZE,
            resamples: RESAMPLES,
            draw: (category) => drawMaps(category, detector, set, random),
          },
          trials,
        );
        rows.push(...found.map((row) => ({ ...detector, ...set, ...row })));
      }
    }
    return rows;
  },
};

function truthOf(
  detector: PixelDetector,
  { normal, anomalous }: TestSet,
  random: () => number,
): Evaluation['mean'] {
  const evaluator = new Evaluator(SIZE, { resamples: 0 });
  const set = { normal: normal * POPULATION, anomalous: anomalous * POPULATION };
  for (const image of drawMaps('population', detector, set, random)) evaluator.add(image);
  return evaluator.evaluate().mean;
}
