/** @file A leaderboard as tables of text, which Markdown and LaTeX only set differently. */
import {
  type Leaderboard,
  type LeaderboardRow,
  lookUp,
  METRICS,
  type MetricName,
  meanNotes,
  metricsToShow,
} from '@plumbline/contracts';

export interface ExportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns that hold numbers, counted from 0. */
  readonly numeric: ReadonlySet<number>;
}

export interface ExportDocument {
  readonly title: string;
  /** What the numbers belong to: dataset version, protocol, link. */
  readonly facts: readonly (readonly [string, string])[];
  readonly tables: readonly ExportTable[];
  readonly footnotes: readonly string[];
}

/** The path that shows the same board again, as long as its results are there. */
export function boardPath({ dataset, datasetVersion, protocolKey }: Leaderboard): string {
  const query = new URLSearchParams({ datasetVersion, protocol: protocolKey });
  return `/leaderboards/${encodeURIComponent(dataset)}?${query}`;
}

export function exportDocument(board: Leaderboard): ExportDocument {
  const metrics = metricsToShow(board.rows);
  const ranked = board.rows.filter((row) => row.barred === null);
  const barred = board.rows.filter((row) => row.barred !== null);
  return {
    title: `Leaderboard of ${board.dataset}`,
    facts: [
      ['Dataset version', board.datasetVersion],
      ['Link', boardPath(board)],
      ['Protocol', board.protocolKey],
      ['Image size', `${board.protocol.imageSizePx} px`],
      ['Resize', `${board.protocol.resize}; ${board.protocol.interpolation}`],
      ['Crop', board.protocol.crop],
      ['Tiles', board.protocol.tiles],
      ['Image score', board.protocol.imageScoreRule],
      ['Smoothing', board.protocol.smoothing],
      ['Pixel scores', board.protocol.pixelScoreRule],
      ['Masks', board.protocol.maskRule],
      ['Evaluation size', `${board.protocol.evaluationSizePx} px`],
      ['Metrics', board.protocol.metricRule],
      ['Epoch', board.protocol.epochRule],
      ['Seeds', board.protocol.seedRule],
      ['Mean', board.protocol.mean],
    ],
    tables: [
      resultTable(ranked, metrics),
      ...(board.configurations.length === 0 ? [] : [seedTable(board, metrics)]),
      costTable(ranked),
      ...metrics.map((metric) => categoryTable(board, ranked, metric)),
      ...(barred.length === 0 ? [] : [barredTable(barred)]),
    ],
    footnotes: footnotes(board, metrics),
  };
}

function nameOf(row: { model: string; modelVersion: number }): string {
  return `${row.model} v${row.modelVersion}`;
}

function table(
  title: string,
  textColumns: readonly string[],
  numberColumns: readonly string[],
  rows: readonly (readonly string[])[],
): ExportTable {
  const head = [...textColumns, ...numberColumns];
  const numeric = new Set(numberColumns.map((_, index) => textColumns.length + index));
  return { title, head, rows, numeric };
}

function resultTable(rows: readonly LeaderboardRow[], metrics: MetricName[]): ExportTable {
  const hasIntervals = rows.some((row) => row.intervals !== null);
  return table(
    `Means over the categories, percent${hasIntervals ? ', with 95 % intervals' : ''}`,
    ['Rank', 'Model version', 'Method', 'Backbone', 'Preset', 'Seed'],
    metrics.map((metric) => METRICS[metric].short),
    rows.map((row) => [
      String(row.rank ?? '–'),
      nameOf(row),
      row.method,
      row.backbone ?? '–',
      row.preset,
      String(row.seed),
      ...metrics.map((metric) => withInterval(row, metric)),
    ]),
  );
}

function withInterval(row: LeaderboardRow, metric: MetricName): string {
  const value = metricText(row, metric, row.mean[metric]);
  const interval = row.intervals?.mean[metric];
  if (row.mean[metric] === null || interval === undefined || interval === null) return value;
  return `${value} [${percent(interval.low)}, ${percent(interval.high)}]`;
}

function seedTable(board: Leaderboard, metrics: MetricName[]): ExportTable {
  return table(
    'By configuration, percent: mean ± standard deviation over seeds',
    ['Rank', 'Method', 'Preset', 'Backbone', 'Overrides', 'Seeds'],
    metrics.map((metric) => METRICS[metric].short),
    board.configurations.map((one) => [
      one.rank === null ? '–' : String(one.rank),
      one.method,
      one.preset,
      one.backbone ?? '–',
      one.overrides ?? 'none',
      one.seeds.join(', '),
      ...metrics.map((metric) => {
        const spread = one.metrics[metric];
        const mean = percent(spread?.mean ?? null);
        return spread?.spread == null ? mean : `${mean} ± ${percent(spread.spread)}`;
      }),
    ]),
  );
}

function costTable(rows: readonly LeaderboardRow[]): ExportTable {
  return table(
    'Cost of one model version; latency from encoded bytes to score and map',
    ['Model version', 'Hardware', 'Pareto front'],
    [
      'Training, min',
      'Latency p50, ms',
      'Latency p95, ms',
      'Parameters, million',
      'Size, MB',
      'Peak memory, MB',
    ],
    rows.map((row) => [
      nameOf(row),
      row.latencyMs.hardware ?? 'not measured',
      row.pareto ? 'yes' : 'no',
      number(row.trainSeconds === null ? null : row.trainSeconds / 60, 1),
      number(row.latencyMs.p50, 1),
      number(row.latencyMs.p95, 1),
      number(row.parameters === null ? null : row.parameters / 1e6, 2),
      number(row.sizeBytes / 1e6, 1),
      number(row.peakRssMb, 0),
    ]),
  );
}

function categoryTable(
  board: Leaderboard,
  rows: readonly LeaderboardRow[],
  metric: MetricName,
): ExportTable {
  return table(`${METRICS[metric].short} by category, percent`, ['Category'], rows.map(nameOf), [
    ...board.categories.map((category) => [
      category,
      ...rows.map((row) =>
        metricText(row, metric, lookUp(row.categories, category)?.[metric] ?? null),
      ),
    ]),
    ['mean', ...rows.map((row) => metricText(row, metric, row.mean[metric]))],
  ]);
}

function barredTable(rows: readonly LeaderboardRow[]): ExportTable {
  return table(
    'Not ranked',
    ['Model version', 'Reason'],
    [],
    rows.map((row) => [nameOf(row), row.barred ?? '']),
  );
}

function footnotes(board: Leaderboard, metrics: MetricName[]): string[] {
  const counts = meanNotes(board, metrics);
  const reasons = board.undefinedReasons.map(
    ({ category, metrics: missing, reason }) =>
      `${category}: ${missing.map((metric) => METRICS[metric].short).join(', ')} undefined: ${reason}.`,
  );
  const marked = board.rows.flatMap((row) =>
    row.checks
      .filter((check) => check.status === 'marked' || check.status === 'not checked')
      .map((check) => `${nameOf(row)}: ${check.message}`),
  );
  return [board.rankRule, ...counts, ...reasons, ...marked];
}

/** A dash for a metric that the version did not compute. */
function metricText(row: LeaderboardRow, metric: MetricName, value: number | null): string {
  return value === null && row.definedOver[metric] === undefined ? '–' : percent(value);
}

/** Percent with one decimal; undefined stays a word, never a zero. */
function percent(value: number | null): string {
  return value === null ? 'undefined' : (value * 100).toFixed(1);
}

function number(value: number | null, digits: number): string {
  return value === null ? 'not recorded' : value.toFixed(digits);
}
