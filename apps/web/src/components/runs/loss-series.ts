/** @file Loss points of a run as the columns that a chart wants. */
import type { LossPoint } from '@plumbline/contracts';

export interface LossSeries {
  readonly levels: string[];
  /** Ascending, distinct. */
  readonly steps: number[];
  /** One column per level, as long as `steps`; null where a level has no point. */
  readonly columns: (number | null)[][];
}

export function lossSeries(points: readonly LossPoint[]): LossSeries {
  const levels = [...new Set(points.map((point) => point.level))].sort();
  const steps = [...new Set(points.map((point) => point.step))].sort((a, b) => a - b);
  const row = new Map(steps.map((step, index) => [step, index]));
  const columns = levels.map(() => new Array<number | null>(steps.length).fill(null));
  const column = new Map(levels.map((level, index) => [level, columns[index]]));
  for (const { level, step, loss } of points) {
    const values = column.get(level);
    const index = row.get(step);
    if (values !== undefined && index !== undefined) values[index] = loss;
  }
  return { levels, steps, columns };
}

/** At most `count` rows spread evenly over the steps, first and last included: the chart in words. */
export function lossTable(
  series: LossSeries,
  count: number,
): { step: number; losses: (number | null)[] }[] {
  const { steps, columns } = series;
  const rows = Math.min(count, steps.length);
  const picked = Array.from({ length: rows }, (_, row) =>
    rows === 1 ? steps.length - 1 : Math.round((row * (steps.length - 1)) / (rows - 1)),
  );
  return picked.map((index) => ({
    step: steps[index]!,
    losses: columns.map((column) => column[index] ?? null),
  }));
}
