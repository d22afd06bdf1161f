/** @file Leaderboards: only results on the same test images and under the same protocol are ranked together. */
import {
  type BoardInput,
  type DatasetSummary,
  DomainError,
  type ImageResult,
  type Leaderboard,
  type LeaderboardSummary,
  type ModelVersion,
  type Protocol,
  versionNumberOf,
} from '@plumbline/contracts';
import { PLUMBLINE_PROTOCOL, protocolKey, rankRows } from '@plumbline/eval';
import type { Services } from '../context.ts';
import { imagesOf } from './board-source.ts';
import { groupConfigurations } from './group-configurations.ts';
import {
  groupByProtocol,
  otherProtocols,
  type ProtocolGroup,
  summarizeProtocol,
} from './protocol-groups.ts';
import { rankIn, rankVersions } from './rank-versions.ts';
import { toRow } from './to-row.ts';
import { undefinedReasons } from './undefined-reasons.ts';

const RANK_RULE =
  'By comparison with the best. The row of the highest mean image AUROC over the categories is compared with every other row over the same test images; rows that are not significantly worse (paired test, Holm-corrected over these comparisons, 95 %) share its rank. The rows left are ranked in the same way. Where rows have several seeds, how far apart these are counts too, at least a third as much as for all rows together. So a rank depends on the rows that the board has, and a row whose scores vary much may rank above one with a higher mean.';

/** A board and what it was made from. */
export interface BuiltBoard {
  readonly board: Leaderboard;
  readonly versions: readonly ModelVersion[];
}

/** Unless named: the current version of a dataset, under the protocol with most results. */
export async function buildLeaderboard(context: Services, input: BoardInput): Promise<Leaderboard> {
  return (await buildBoard(context, input)).board;
}

/** @throws DomainError NOT_FOUND for a dataset, dataset version or protocol without results */
export async function buildBoard(context: Services, input: BoardInput): Promise<BuiltBoard> {
  const current = (await context.database.datasets.get(input.dataset)).datasetVersion;
  const all = newestFirst(await context.database.models.all(input.dataset));
  const datasetVersions = [...new Set([current, ...all.map(datasetVersionOf)])];
  const datasetVersion = chooseDatasetVersion(input, current, datasetVersions);
  const alike = await versionsAlike(context, input.dataset, datasetVersion);
  const here = all.filter((version) => alike.has(datasetVersionOf(version)));
  const groups = groupByProtocol(here);
  const protocol = chooseProtocol(input, groups);
  const key = protocolKey(protocol);
  const versions = groups.find((group) => group.key === key)?.versions ?? [];
  const images = new Map<ModelVersion, ImageResult[]>();
  for (const version of versions) images.set(version, await imagesOf(context, version));
  const ranks = await rankVersions(versions, images);
  const unranked = versions.map((version) =>
    toRow(version, ranks.refusals.get(version) ?? null, datasetVersion),
  );
  const rows = rankRows(unranked, (row) => rankIn(ranks, row));
  const board: Leaderboard = {
    dataset: input.dataset,
    datasetVersion,
    datasetVersions,
    protocol,
    protocolKey: key,
    rankRule: RANK_RULE,
    categories: [...new Set(rows.flatMap((row) => Object.keys(row.categories)))].sort(),
    rows,
    configurations: await groupConfigurations(context, rows, versions, images),
    undefinedReasons: undefinedReasons(versions, images),
    otherProtocols: otherProtocols(groups, protocol),
  };
  return { board, versions };
}

/** One line for every dataset, those without results included. */
export async function listLeaderboards(context: Services): Promise<LeaderboardSummary[]> {
  const [datasets, versions] = await Promise.all([
    context.database.datasets.list(),
    context.database.models.all(null),
  ]);
  const sorted = newestFirst(versions);
  const summarize = async ({ name, datasetVersion }: DatasetSummary) => {
    const alike = await versionsAlike(context, name, datasetVersion);
    const here = sorted.filter(
      (version) =>
        version.manifest.lineage.dataset === name && alike.has(datasetVersionOf(version)),
    );
    const protocols = groupByProtocol(here).map(summarizeProtocol);
    const [first] = protocols;
    return {
      dataset: name,
      datasetVersion,
      rows: first?.rows ?? 0,
      bestModel: first?.bestModel ?? null,
      bestImageAuroc: first?.bestImageAuroc ?? null,
      protocols,
    };
  };
  return Promise.all(datasets.map(summarize));
}

function datasetVersionOf({ manifest }: ModelVersion): string {
  return manifest.lineage.datasetVersion;
}

/** Versions with the same test images, labels and masks, itself included: results on them are on one board. */
export async function versionsAlike(
  { database }: Pick<Services, 'database'>,
  dataset: string,
  datasetVersion: string,
): Promise<ReadonlySet<string>> {
  const number = versionNumberOf(datasetVersion);
  if (number === null) return new Set([datasetVersion]);
  const found = await database.datasets
    .versionsWithTestSetOf(dataset, number)
    .catch((error: unknown): string[] => {
      if (error instanceof DomainError && error.code === 'NOT_FOUND') return [];
      throw error;
    });
  return new Set(found.includes(datasetVersion) ? found : [datasetVersion]);
}

function newestFirst(versions: readonly ModelVersion[]): ModelVersion[] {
  return [...versions].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

function chooseDatasetVersion(
  { dataset, datasetVersion }: BoardInput,
  current: string,
  known: readonly string[],
): string {
  if (datasetVersion === undefined) return current;
  if (known.includes(datasetVersion)) return datasetVersion;
  throw new DomainError(
    'NOT_FOUND',
    `There are no results on version ${datasetVersion} of the dataset "${dataset}".`,
    { field: 'datasetVersion', fix: `There are leaderboards of ${known.join(', ')}.` },
  );
}

/** The named one, or the fullest. */
function chooseProtocol(
  { protocol: wanted }: BoardInput,
  groups: readonly ProtocolGroup[],
): Protocol {
  if (wanted === undefined) return groups[0]?.protocol ?? PLUMBLINE_PROTOCOL;
  const found =
    groups.find(({ key }) => key === wanted) ??
    groups.find(({ protocol }) => protocol.name === wanted);
  if (found !== undefined) return found.protocol;
  if (wanted === PLUMBLINE_PROTOCOL.name || wanted === protocolKey(PLUMBLINE_PROTOCOL))
    return PLUMBLINE_PROTOCOL;
  const known = groups.map(({ key, protocol }) =>
    groups.filter((one) => one.protocol.name === protocol.name).length > 1 ? key : protocol.name,
  );
  throw new DomainError('NOT_FOUND', `There are no results here under the protocol "${wanted}".`, {
    field: 'protocol',
    fix:
      known.length === 0
        ? 'There are no results yet.'
        : `There are some under ${known.join(', ')}.`,
  });
}
