/** @file A leaderboard as CSV (RFC 4180): one line per model version and category, `mean` first; metrics in [0, 1], empty where undefined. */
import {
  type Leaderboard,
  type LeaderboardRow,
  lookUp,
  type MetricName,
  metricsToShow,
} from '@plumbline/contracts';
import { stringify } from 'csv-stringify/sync';

type Cell = string | number | boolean | null;

export function exportCsv(board: Leaderboard): string {
  const metrics = metricsToShow(board.rows);
  const head = [
    'dataset',
    'datasetVersion',
    'protocol',
    'rank',
    'model',
    'modelVersion',
    'method',
    'backbone',
    'preset',
    'seed',
    'configuration',
    'category',
    ...metrics.flatMap((metric) => [metric, `${metric}Low`, `${metric}High`]),
    ...metrics.map((metric) => `${metric}Categories`),
    'trainSeconds',
    'steps',
    'latencyP50Ms',
    'latencyP95Ms',
    'hardware',
    'parameters',
    'sizeBytes',
    'peakRssMb',
    'pareto',
    'note',
  ];
  const lines = board.rows.flatMap((row) =>
    [null, ...board.categories].map((category) => lineOf(board, row, category, metrics)),
  );
  return stringify([head, ...lines], {
    record_delimiter: 'windows',
    // Names come from users: a spreadsheet would run those that look like a formula.
    escape_formulas: true,
    cast: { boolean: String },
  });
}

/** @param category null for the mean, which alone has the costs */
function lineOf(
  board: Leaderboard,
  row: LeaderboardRow,
  category: string | null,
  metrics: readonly MetricName[],
): Cell[] {
  const values = category === null ? row.mean : lookUp(row.categories, category);
  const intervals =
    category === null ? row.intervals?.mean : lookUp(row.intervals?.categories ?? {}, category);
  const cost: Cell[] = [
    row.trainSeconds,
    row.steps,
    row.latencyMs.p50,
    row.latencyMs.p95,
    row.latencyMs.hardware,
    row.parameters,
    row.sizeBytes,
    row.peakRssMb,
    row.pareto,
  ];
  return [
    board.dataset,
    board.datasetVersion,
    board.protocolKey,
    row.rank,
    row.model,
    row.modelVersion,
    row.method,
    row.backbone,
    row.preset,
    row.seed,
    row.configuration,
    category ?? 'mean',
    ...metrics.flatMap((metric) => [
      values?.[metric] ?? null,
      intervals?.[metric]?.low ?? null,
      intervals?.[metric]?.high ?? null,
    ]),
    ...metrics.map((metric) => (category === null ? (row.definedOver[metric] ?? null) : null)),
    ...(category === null ? cost : cost.map(() => null)),
    noteOf(board, row, category),
  ];
}

function noteOf(board: Leaderboard, row: LeaderboardRow, category: string | null): string {
  if (category === null) return row.barred === null ? '' : `not ranked: ${row.barred}`;
  return board.undefinedReasons
    .filter((one) => one.category === category)
    .map(({ metrics, reason }) => `${metrics.join(' ')} undefined: ${reason}`)
    .join('; ');
}
