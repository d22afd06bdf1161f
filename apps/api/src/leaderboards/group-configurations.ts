/** @file Seeds of one configuration together: mean and spread of every metric, and ranks over images and seeds. */
import {
  ALL_METRIC_NAMES,
  type Configuration,
  type LeaderboardRow,
  type ModelVersion,
} from '@plumbline/contracts';
import { seedSpread } from '@plumbline/eval';
import type { Services } from '../context.ts';
import { overridesOf } from './configuration-of.ts';
import { contentOf, type ImagesByVersion } from './rank-versions.ts';
import { rankByTieGroups } from './statistics.ts';

interface Group {
  readonly configuration: string;
  /** The newest row of each seed, in order of seed. */
  readonly rows: readonly LeaderboardRow[];
  readonly versions: readonly ModelVersion[];
}

/** Barred rows are left out; a repeated seed counts once. Best first. */
export async function groupConfigurations(
  context: Services,
  rows: readonly LeaderboardRow[],
  versions: readonly ModelVersion[],
  images: ImagesByVersion,
): Promise<Configuration[]> {
  const groups = groupBySeeds(rows, versions);
  const ranks = await rankByTieGroups(
    groups.map((group) => group.versions.map(contentOf).join('+')).join(' '),
    groups.map((group) => ({
      id: group.configuration,
      runs: group.versions.map((version) => images.get(version) ?? []),
    })),
  );
  const described = await Promise.all(groups.map((group) => describe(context, group)));
  return ranks.flatMap(({ id, rank }) => {
    const found = described.find((one) => one.configuration === id);
    const own = groups.find((group) => group.configuration === id)?.rows ?? [];
    const isRanked = own.some((row) => row.rank !== null);
    return found === undefined ? [] : [{ ...found, rank: isRanked ? rank : null }];
  });
}

function groupBySeeds(rows: readonly LeaderboardRow[], versions: readonly ModelVersion[]): Group[] {
  const newest = new Map<string, LeaderboardRow>();
  for (const row of rows.filter((one) => one.barred === null)) {
    const key = `${row.configuration} ${row.seed}`;
    const known = newest.get(key);
    if (known === undefined || known.createdAt < row.createdAt) newest.set(key, row);
  }
  const kept = [...newest.values()].sort((a, b) => a.seed - b.seed);
  return [...new Set(kept.map((row) => row.configuration))].map((configuration) => {
    const own = kept.filter((row) => row.configuration === configuration);
    return {
      configuration,
      rows: own,
      versions: own.flatMap((row) =>
        versions.filter((one) => one.model === row.model && one.version === row.modelVersion),
      ),
    };
  });
}

async function describe(
  context: Services,
  { configuration, rows, versions }: Group,
): Promise<Configuration> {
  const [first] = rows;
  const [version] = versions;
  return {
    configuration,
    rank: null,
    method: first?.method ?? '',
    preset: first?.preset ?? '',
    backbone: first?.backbone ?? null,
    overrides: version === undefined ? null : await overridesOf(context, version),
    seeds: rows.map((row) => row.seed),
    rows: rows.map(({ model, modelVersion }) => ({ model, modelVersion })),
    metrics: Object.fromEntries(
      ALL_METRIC_NAMES.map((metric) => [metric, seedSpread(rows.map((row) => row.mean[metric]))]),
    ),
  };
}
