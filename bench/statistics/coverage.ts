/**
 * @file How often intervals hold the truth, of one category and of the mean of ten: one evaluation of ten categories made
 * alike gives ten intervals of the former and one of the latter.
 */
import { METRICS, type MetricName } from '@plumbline/contracts';
import { type Evaluation, Evaluator, type MapSize, type ScoredImage } from '@plumbline/eval';
import { rounded, type SimulationRow } from './simulation.ts';

const CATEGORIES = 10;
/** Test images of a category: as many of both labels, and few normal ones, as in MVTec AD. */
export const TEST_SETS: readonly TestSet[] = [
  { normal: 30, anomalous: 30 },
  { normal: 16, anomalous: 48 },
];
export interface TestSet {
  readonly normal: number;
  readonly anomalous: number;
}

export interface CoverageCase {
  readonly metrics: readonly MetricName[];
  /** Of a population so large that other images would not change it. */
  readonly truth: Partial<Readonly<Record<MetricName, number | null>>>;
  /** Of the maps. */
  readonly size: MapSize;
  /** The test images of a category, all of them new. */
  readonly draw: (category: string) => Iterable<ScoredImage>;
}

interface Tally {
  intervals: number;
  held: number;
  /** Of intervals that lie above the truth. */
  above: number;
  width: number;
  value: number;
}

/** @returns a row for each metric whose truth is known; coverage of both kinds, mean width and mean error */
export function coverageRows(one: CoverageCase, trials: number): SimulationRow[] {
  const tallies = new Map(
    one.metrics.map((metric) => [metric, { category: empty(), mean: empty() }]),
  );
  for (let trial = 0; trial < trials; trial += 1) {
    const evaluation = evaluate(one);
    for (const [metric, { category, mean }] of tallies) {
      const truth = one.truth[metric] ?? null;
      if (truth === null) continue;
      count(mean, truth, evaluation.mean[metric], evaluation.intervals.mean[metric]);
      for (const [name, metrics] of Object.entries(evaluation.categories)) {
        count(category, truth, metrics[metric], evaluation.intervals.categories[name]?.[metric]);
      }
    }
  }
  return [...tallies].flatMap(([metric, { category, mean }]) => {
    const truth = one.truth[metric] ?? null;
    if (truth === null || category.intervals === 0) return [];
    return [
      {
        metric: METRICS[metric].short,
        truth: rounded(truth),
        bias: rounded(category.value / category.intervals - truth),
        coverage: rounded(category.held / category.intervals),
        above: rounded(category.above / category.intervals),
        width: rounded(category.width / category.intervals),
        'mean of ten': rounded(mean.held / mean.intervals),
        'its width': rounded(mean.width / mean.intervals),
        means: mean.intervals,
      },
    ];
  });
}

function empty(): Tally {
  return { intervals: 0, held: 0, above: 0, width: 0, value: 0 };
}

function evaluate({ size, draw }: CoverageCase): Evaluation {
  const evaluator = new Evaluator(size);
  for (let category = 0; category < CATEGORIES; category += 1) {
    const name = `made${category}`;
    for (const image of draw(name)) evaluator.add(image);
    evaluator.evaluateCategory(name);
  }
  return evaluator.evaluate();
}

function count(
  tally: Tally,
  truth: number,
  value: number | null,
  interval: { readonly low: number; readonly high: number } | null | undefined,
): void {
  if (value === null || interval === null || interval === undefined) return;
  tally.intervals += 1;
  tally.value += value;
  tally.width += interval.high - interval.low;
  if (interval.low > truth) tally.above += 1;
  if (interval.low <= truth && truth <= interval.high) tally.held += 1;
}
