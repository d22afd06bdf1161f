/**
 * @file Published results on the standard datasets, read from two tables: `ader-logs.csv` as parsed from the logs of the
 * ADer benchmark, and `readmes.csv` with what READMEs, abstracts and issues give. Percent in the files, [0, 1] here.
 */
import { readFileSync } from 'node:fs';
import {
  ALL_METRIC_NAMES,
  DomainError,
  METRICS,
  type MetricName,
  type PublishedBoard,
  type PublishedRow,
} from '@plumbline/contracts';
import { sourcesOn } from './sources.ts';

/** By the name of the dataset in the logs. */
const STANDARDS: Readonly<Record<string, { readonly standard: string; readonly title: string }>> = {
  mvtec: { standard: 'mvtec-ad', title: 'MVTec AD' },
  visa: { standard: 'visa', title: 'VisA' },
  realiad: { standard: 'real-iad', title: 'Real-IAD' },
  btad: { standard: 'btad', title: 'BTAD' },
  mpdd: { standard: 'mpdd', title: 'MPDD' },
  mvtec_loco: { standard: 'mvtec-loco', title: 'MVTec LOCO AD' },
};

/** Under their own short names, and as the logs of ADer call them. */
const METRIC_COLUMNS: Readonly<Record<string, MetricName>> = {
  ...Object.fromEntries(ALL_METRIC_NAMES.map((name) => [METRICS[name].short, name])),
  'P-F1max21': 'pixelF1Max',
  AUPRO: 'aupro30',
  IoUmax21: 'pixelIouMax',
};

type Fields = Readonly<Record<string, string>>;
type GivenMetrics = PublishedRow['mean'];

interface Line {
  readonly standard: string;
  readonly source: string;
  readonly method: string;
  readonly variant: string;
  /** Null for the mean. */
  readonly category: string | null;
  readonly metrics: GivenMetrics;
}

let boards: readonly PublishedBoard[] | undefined;

/** All of them, one board a standard dataset. */
export function publishedBoards(): readonly PublishedBoard[] {
  boards ??= buildBoards([...readLogs(), ...readReadmes()]);
  return boards;
}

/** The board of the standard dataset with exactly these categories, or null. */
export function findPublishedBoard(categories: readonly string[]): PublishedBoard | null {
  const wanted = [...new Set(categories)].sort().join('\n');
  return publishedBoards().find((board) => board.categories.join('\n') === wanted) ?? null;
}

/** @throws DomainError NOT_FOUND */
export function getPublishedBoard(standard: string): PublishedBoard {
  const found = publishedBoards().find((board) => board.standard === standard);
  if (found !== undefined) return found;
  throw new DomainError('NOT_FOUND', `There are no published results on "${standard}".`, {
    field: 'standard',
    fix: `There are some on ${publishedBoards()
      .map((board) => board.standard)
      .join(', ')}.`,
  });
}

function buildBoards(lines: readonly Line[]): PublishedBoard[] {
  return Object.values(STANDARDS).map(({ standard, title }) => {
    const own = lines.filter((line) => line.standard === standard);
    const rows = groupRows(own);
    const categories = [...new Set(own.flatMap((line) => line.category ?? []))].sort();
    const sources = sourcesOn(standard).filter((source) =>
      rows.some((row) => row.source === source.id),
    );
    return { standard, title, categories, rows, sources };
  });
}

/** One row a method, variant and source; the best mean image AUROC first, those without last. */
function groupRows(lines: readonly Line[]): PublishedRow[] {
  const rows = new Map<string, PublishedRow>();
  for (const { source, method, variant, category, metrics } of lines) {
    const key = [source, method, variant].join('\n');
    const row = rows.get(key) ?? { method, variant, source, mean: {}, categories: {} };
    rows.set(
      key,
      category === null
        ? { ...row, mean: metrics }
        : { ...row, categories: { ...row.categories, [category]: metrics } },
    );
  }
  return [...rows.values()].sort((a, b) => (b.mean.imageAuroc ?? -1) - (a.mean.imageAuroc ?? -1));
}

/** Rows of the logs that are not the method that they are named after: see the remark of their source. */
const NOT_WHAT_THEY_SAY: ReadonlySet<string | undefined> = new Set(['DRAEM']);

function readLogs(): Line[] {
  const lines = readTable('ader-logs.csv').filter(({ method }) => !NOT_WHAT_THEY_SAY.has(method));
  return lines.map((fields) => {
    const name = fields['dataset'] ?? '';
    const { standard } = STANDARDS[name] ?? { standard: name };
    return {
      standard,
      source: 'ader-log',
      method: fields['method'] ?? '',
      variant: `${(fields['epochs'] ?? '').replace(/e$/, '')} epochs`,
      category: fields['category'] === 'Avg' ? null : (fields['category'] ?? ''),
      metrics: metricsOf(fields),
    };
  });
}

function readReadmes(): Line[] {
  return readTable('readmes.csv').map((fields) => ({
    standard: fields['standard'] ?? '',
    source: fields['source'] ?? '',
    method: fields['method'] ?? '',
    variant: fields['variant'] ?? '',
    category: fields['category'] === 'mean' ? null : (fields['category'] ?? ''),
    metrics: metricsOf(fields),
  }));
}

function metricsOf(fields: Fields): GivenMetrics {
  const given = Object.entries(METRIC_COLUMNS).flatMap(([column, metric]) => {
    const text = fields[column] ?? '';
    // Five decimals hold every published digit, without the tail of a division.
    return text === '' ? [] : [[metric, Number((Number(text) / 100).toFixed(5))] as const];
  });
  return Object.fromEntries(given);
}

function readTable(name: string): Fields[] {
  const [head = '', ...lines] = readFileSync(new URL(name, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = splitLine(line);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** Cells with a comma stand in quotes; none holds a quote. */
function splitLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
}
