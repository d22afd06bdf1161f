/** @file `plumb leaderboard`: the table, files of it, two rows compared, published results. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  CORE_METRIC_NAMES,
  type ComparedImage,
  type Comparison,
  DomainError,
  exportFormatSchema,
  formatRatio,
  type Leaderboard,
  lookUp,
  METRICS,
  type MetricName,
  meanNotes,
  type PublishedBoard,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { callRoute, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { duration, METRIC_HEADS, megabytes, type Output, percent, table } from './output.ts';

export function addLeaderboardCommands(program: Command): void {
  withAction(
    program
      .command('leaderboard')
      .description('compare the models of a dataset, or show published results')
      .option('--dataset <name>', 'dataset')
      .option('--dataset-version <version>', 'such as v1-0123456789ab (default: the current one)')
      .option('--protocol <name>', 'protocol (default: the one with most results)')
      .option('--format <name>', 'json, csv, markdown or latex')
      .option('--output <file>', 'write to a file')
      .option('--compare <rows...>', 'two rows, each <model>@<version>')
      .option('--published [standard]', 'results that others published, for example on mvtec-ad'),
    leaderboard,
  );
}

interface LeaderboardOptions extends JsonOption {
  readonly dataset?: string;
  readonly datasetVersion?: string;
  readonly protocol?: string;
  readonly format?: string;
  readonly output?: string;
  readonly compare?: string[];
  readonly published?: string | true;
}

async function leaderboard(output: Output, options: LeaderboardOptions): Promise<void> {
  if (options.published !== undefined) return showPublished(output, options);
  const { dataset, datasetVersion, protocol } = options;
  if (dataset === undefined) throw missing('dataset', 'Name one: "--dataset <name>".');
  const board = { dataset, datasetVersion, protocol };
  if (options.compare !== undefined) return compare(output, board, options.compare);
  if (options.format !== undefined || options.output !== undefined)
    return download(output, board, options);
  const { api } = await connect(output);
  output.result(await api.leaderboards.get.query(board), describeLeaderboard);
}

interface Board {
  readonly dataset: string;
  readonly datasetVersion: string | undefined;
  readonly protocol: string | undefined;
}

/** The file as the API makes it: on standard output, or where `--output` says. */
async function download(output: Output, board: Board, options: LeaderboardOptions): Promise<void> {
  const format = exportFormatSchema.safeParse(options.format ?? 'json');
  if (!format.success) {
    throw new DomainError('INVALID_INPUT', `"${options.format}" is not a format.`, {
      field: 'format',
      fix: 'Use json, csv, markdown or latex.',
    });
  }
  const query = new URLSearchParams({ format: format.data });
  if (board.datasetVersion !== undefined) query.set('datasetVersion', board.datasetVersion);
  if (board.protocol !== undefined) query.set('protocol', board.protocol);
  const path = `/v1/leaderboards/${encodeURIComponent(board.dataset)}/export?${query}`;
  const text = await (await callRoute(await connect(output), path)).text();
  if (options.output === undefined) {
    process.stdout.write(text);
    return;
  }
  const file = resolve(options.output);
  await writeFile(file, text).catch((cause: unknown) => {
    const fix = 'Name a file in a folder that exists.';
    throw new DomainError('INVALID_INPUT', `${file} can't be written.`, { file, fix, cause });
  });
  output.result({ file, format: format.data }, (result) => `Wrote ${result.file}.`);
}

async function compare(output: Output, board: Board, rows: string[]): Promise<void> {
  const [a, b, ...more] = rows;
  if (a === undefined || b === undefined || more.length > 0)
    throw missing('compare', 'Name two rows: "--compare parts-patchcore@1 parts-patchcore@2".');
  const { api } = await connect(output);
  output.result(await api.leaderboards.compare.query({ ...board, a, b }), describeComparison);
}

function missing(field: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', `The option --${field} is not complete.`, { field, fix });
}

export function describeLeaderboard(board: Leaderboard): string {
  const { dataset, datasetVersion, protocol } = board;
  const title = `Leaderboard of ${dataset} ${datasetVersion}, protocol ${protocol.name}, in percent`;
  const others = elsewhere(board);
  if (board.rows.length === 0) {
    const train = `Train one with "plumb train --dataset ${dataset}".`;
    const none = others.length === 0 ? 'No models yet.' : 'No models under this protocol yet.';
    return [title, ...others, `${none} ${train}`].join('\n');
  }
  const rows = board.rows.map((row) => [
    row.rank ?? '–',
    row.model,
    row.modelVersion,
    row.backbone ?? '–',
    row.preset,
    row.seed,
    withInterval(row),
    ...CORE_METRIC_NAMES.slice(1).map((metric) => percent(row.mean[metric])),
    row.trainSeconds === null ? '–' : duration(row.trainSeconds),
    row.latencyMs.p50?.toFixed(0) ?? '–',
    row.latencyMs.p95?.toFixed(0) ?? '–',
    row.parameters === null ? '–' : (row.parameters / 1e6).toFixed(2),
    megabytes(row.sizeBytes),
    row.pareto ? 'front' : '',
  ]);
  const head = [
    'rank',
    'model',
    'version',
    'backbone',
    'preset',
    'seed',
    ...METRIC_HEADS,
    'training',
    'p50 ms',
    'p95 ms',
    'M params',
    'size',
    'pareto',
  ];
  return [title, ...others, table(head, rows), describeSeeds(board), ...notes(board)]
    .filter((part) => part !== '')
    .join('\n');
}

function withInterval({ mean, intervals }: Leaderboard['rows'][number]): string {
  const interval = intervals?.mean.imageAuroc;
  const value = percent(mean.imageAuroc);
  if (interval === undefined || interval === null) return value;
  return `${value} (${percent(interval.low)}–${percent(interval.high)})`;
}

/** Worth a table only where some configuration has several seeds. */
function describeSeeds({ configurations }: Leaderboard): string {
  if (configurations.every((one) => one.seeds.length < 2)) return '';
  const rows = configurations.map((one) => [
    one.rank ?? '–',
    one.method,
    one.preset,
    one.backbone ?? '–',
    one.overrides ?? '',
    one.seeds.join(' '),
    ...CORE_METRIC_NAMES.map((metric) => {
      const spread = one.metrics[metric];
      const mean = percent(spread?.mean ?? null);
      return spread?.spread == null ? mean : `${mean} ± ${percent(spread.spread)}`;
    }),
  ]);
  const head = ['rank', 'method', 'preset', 'backbone', 'overrides', 'seeds', ...METRIC_HEADS];
  return `By configuration, mean ± standard deviation over seeds\n${table(head, rows)}`;
}

/** Rows that this board leaves out, since they were evaluated under another protocol; and how to see them. */
function elsewhere({ dataset, protocol, otherProtocols }: Leaderboard): string[] {
  const names = [protocol.name, ...otherProtocols.map((other) => other.protocol.name)];
  return otherProtocols.map(({ protocol: { name }, protocolKey, rows, differences }) => {
    const wanted = names.filter((one) => one === name).length > 1 ? protocolKey : name;
    const versions = rows.map((row) => `${row.model} v${row.modelVersion}`).join(', ');
    const why = differences.map(({ label, there }) => `${label}: ${there}`).join('; ');
    return `${rows.length} more version${rows.length === 1 ? '' : 's'} under ${name}, not comparable (${why}): ${versions}\n  plumb leaderboard --dataset ${dataset} --protocol ${wanted}`;
  });
}

function notes(board: Leaderboard): string[] {
  const barred = board.rows.flatMap((row) =>
    row.barred === null ? [] : [`Not ranked: ${row.model} v${row.modelVersion}. ${row.barred}`],
  );
  const reasons = board.undefinedReasons.map(
    ({ category, metrics, reason }) =>
      `${category}: ${metrics.map((metric) => METRICS[metric].short).join(', ')} undefined: ${reason}; left out of the means.`,
  );
  return [...barred, ...reasons, ...meanNotes(board, CORE_METRIC_NAMES), board.rankRule];
}

/** By category, for two rows. */
const COMPARED: readonly MetricName[] = ['imageAuroc', 'pixelAuroc'];

function describeComparison(comparison: Comparison): string {
  const { a, b, test, configuration, agreement } = comparison;
  const names = [`${a.model} v${a.modelVersion}`, `${b.model} v${b.modelVersion}`];
  const categories = ['mean', ...Object.keys(a.categories).sort()];
  const shown = (row: typeof a, category: string, metric: MetricName) =>
    percent((category === 'mean' ? row.mean : lookUp(row.categories, category))?.[metric] ?? null);
  return [
    test.words,
    table(
      ['setting', ...names],
      configuration.map((one) => [one.setting, one.a ?? '–', one.b ?? '–']),
    ),
    table(
      [
        'category',
        ...COMPARED.flatMap((metric) => names.map((name) => `${METRICS[metric].short} ${name}`)),
      ],
      categories.map((category) => [
        category,
        ...COMPARED.flatMap((metric) => [a, b].map((row) => shown(row, category, metric))),
      ]),
    ),
    `Predicted labels differ on ${agreement.disagreeing} of ${agreement.images} test images: only ${names[0]} is right on ${agreement.onlyARight}, only ${names[1]} on ${agreement.onlyBRight}.`,
    ...comparison.images.map(
      (image) =>
        `  ${image.path} (${image.label}): ${comparedScore(image.a)}, ${comparedScore(image.b)}`,
    ),
  ].join('\n');
}

function comparedScore({ imageScore, scoreRatio, predictedLabel }: ComparedImage['a']): string {
  const label = predictedLabel ?? 'no threshold';
  return `${imageScore.toPrecision(4)} (${scoreRatio === null ? 'ratio undefined' : `${formatRatio(scoreRatio)} × threshold`}) ${label}`;
}

async function showPublished(output: Output, options: LeaderboardOptions): Promise<void> {
  const { api } = await connect(output);
  const filter = {
    ...(typeof options.published === 'string' ? { standard: options.published } : {}),
    ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
  };
  output.result(await api.leaderboards.published.query(filter), (boards) =>
    boards.length === 0
      ? 'This is no standard dataset with published results.'
      : boards.map(describePublished).join('\n\n'),
  );
}

function describePublished({ title, rows, sources }: PublishedBoard): string {
  const head = ['method', 'variant', ...METRIC_HEADS, 'source'];
  const lines = rows.map((row) => [
    row.method,
    row.variant,
    ...CORE_METRIC_NAMES.map((metric) => {
      const value = row.mean[metric];
      return value === undefined ? '' : percent(value);
    }),
    row.source,
  ]);
  const from = sources.map(
    (source) =>
      `${source.id}: ${source.reference}; protocol ${source.protocol?.name ?? 'not stated'}`,
  );
  return `Published on ${title}, in percent; not ranked with results of Plumbline\n${table(head, lines)}\n${from.join('\n')}`;
}
