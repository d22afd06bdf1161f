/** @file How often the interval of the image AUROC holds the true one: normal scores of variance 1, anomalous ones shifted. */
import { Evaluator } from '@plumbline/eval';
import { standardNormal, xorshift } from '../random.ts';
import { rounded, type Simulation, type SimulationRow } from './simulation.ts';

/** Shift of the anomalous scores, and Φ(shift / √2), the true AUROC. */
const CASES = [
  { shift: 1, auroc: 0.7602 },
  { shift: 3, auroc: 0.9831 },
  { shift: 3.75, auroc: 0.996 },
  { shift: 4.65, auroc: 0.9995 },
];
const SIZES = [
  { normal: 30, anomalous: 30 },
  { normal: 16, anomalous: 48 },
];
const MAP = new Float32Array(1);

export const aurocCoverage: Simulation = {
  name: 'auroc-coverage',
  about: 'Share of 95 % intervals of the image AUROC that hold the true one, in one category.',
  trials: 500,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const { shift, auroc } of CASES) {
      for (const size of SIZES) {
        const normal = standardNormal(xorshift(seed + 1));
        let covered = 0;
        let width = 0;
        for (let trial = 0; trial < trials; trial += 1) {
          const evaluator = new Evaluator({ height: 1, width: 1 });
          for (let i = 0; i < size.normal + size.anomalous; i += 1) {
            const isAnomalous = i >= size.normal;
            evaluator.add({
              path: `${i}.png`,
              category: 'made',
              label: isAnomalous ? 'anomalous' : 'normal',
              imageScore: normal() + (isAnomalous ? shift : 0),
              anomalyMap: MAP,
              mask: null,
            });
          }
          const interval = evaluator.evaluate().intervals.mean.imageAuroc;
          if (!interval) continue;
          if (interval.low <= auroc && auroc <= interval.high) covered += 1;
          width += interval.high - interval.low;
        }
        rows.push({
          auroc,
          ...size,
          trials,
          coverage: rounded(covered / trials),
          meanWidth: rounded(width / trials),
        });
      }
    }
    return rows;
  },
};
