/**
 * @file How often the interval of the image AUROC holds the true one, in one category and as the mean of ten: normal scores
 * of variance 1, anomalous ones shifted.
 */
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
  { categories: 1, normal: 30, anomalous: 30 },
  { categories: 1, normal: 16, anomalous: 48 },
  { categories: 10, normal: 30, anomalous: 30 },
  { categories: 10, normal: 16, anomalous: 48 },
];
const MAP = new Float32Array(1);

export const aurocCoverage: Simulation = {
  name: 'auroc-coverage',
  about:
    'Share of 95 % intervals of the image AUROC, or of its mean over ten, that hold the true one.',
  trials: 500,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const { shift, auroc } of CASES) {
      for (const size of SIZES) {
        const normal = standardNormal(xorshift(seed + 1));
        // As many categories in all cases, but for at least a hundred means.
        const times = Math.max(Math.min(trials, 100), Math.round(trials / size.categories));
        let [covered, width] = [0, 0];
        for (let trial = 0; trial < times; trial += 1) {
          const interval = intervalOf(size, shift, normal);
          if (!interval) continue;
          if (interval.low <= auroc && auroc <= interval.high) covered += 1;
          width += interval.high - interval.low;
        }
        rows.push({
          auroc,
          ...size,
          trials: times,
          coverage: rounded(covered / times),
          meanWidth: rounded(width / times),
        });
      }
    }
    return rows;
  },
};

/** Of one made-up test set. */
function intervalOf(
  size: (typeof SIZES)[number],
  shift: number,
  normal: () => number,
): { readonly low: number; readonly high: number } | null | undefined {
  const evaluator = new Evaluator({ height: 1, width: 1 });
  for (let category = 0; category < size.categories; category += 1) {
    for (let i = 0; i < size.normal + size.anomalous; i += 1) {
      const isAnomalous = i >= size.normal;
      evaluator.add({
        path: `${category}/${i}.png`,
        category: `made${category}`,
        label: isAnomalous ? 'anomalous' : 'normal',
        imageScore: normal() + (isAnomalous ? shift : 0),
        anomalyMap: MAP,
        mask: null,
      });
    }
  }
  return evaluator.evaluate().intervals.mean.imageAuroc;
}
