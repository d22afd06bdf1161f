/** @file What a comparison's address says: which rows, on which board, and which part is shown. */
import { isMetricName, type Leaderboard, type MetricName } from '@plumbline/contracts';

export type Search = Readonly<Record<string, string | string[] | undefined>>;

export interface ComparisonAddress {
  readonly dataset: string;
  /** `<model>@<version>`; null while not chosen. */
  readonly a: string | null;
  readonly b: string | null;
  readonly datasetVersion: string | null;
  readonly protocol: string | null;
  readonly metric: MetricName;
  readonly images: 'disagreeing' | 'all';
  readonly category: string | null;
}

export function parseComparison(dataset: string, search: Search): ComparisonAddress {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    dataset,
    a: text('a'),
    b: text('b'),
    datasetVersion: text('datasetVersion'),
    protocol: text('protocol'),
    metric: parseMetric(search['metric']),
    images: search['images'] === 'all' ? 'all' : 'disagreeing',
    category: text('category'),
  };
}

export function parseMetric(text: string | string[] | undefined): MetricName {
  return isMetricName(text) ? text : 'imageAuroc';
}

/** The same address again; what is at its default stays out. */
export function comparisonPath(address: ComparisonAddress): string {
  const { dataset, a, b, datasetVersion, protocol, metric, images, category } = address;
  const fields = { a, b, datasetVersion, protocol, category };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) query.set(name, value);
  }
  if (metric !== 'imageAuroc') query.set('metric', metric);
  if (images !== 'disagreeing') query.set('images', images);
  return `/leaderboards/${encodeURIComponent(dataset)}/compare?${query.toString()}`;
}

/** Where two rows of a board are chosen. */
export function comparePath(
  board: Pick<Leaderboard, 'dataset' | 'datasetVersion' | 'protocolKey'>,
): string {
  const { dataset, datasetVersion, protocolKey: protocol } = board;
  return comparisonPath({ ...parseComparison(dataset, {}), datasetVersion, protocol });
}
