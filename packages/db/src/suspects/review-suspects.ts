/** @file What is known of a dataset version's suspects, and which of them nobody has decided on. */
import {
  type FoundSuspects,
  type ReviewedSuspect,
  type Suspect,
  type SuspectReview,
  type SuspectSearch,
  sampleSchema,
} from '@plumbline/contracts';
import type { Client } from '../client.ts';
import { findVersion } from '../find-dataset-version.ts';
import { findKept, suspectKey } from './kept-suspects.ts';

interface Searches {
  get(id: string): Promise<SuspectSearch>;
}

/** @throws DomainError NOT_FOUND */
export async function reviewSuspects(
  client: Client,
  searches: Searches,
  name: string,
  asked?: number,
): Promise<SuspectReview> {
  const { version } = await findVersion(client, name, asked);
  const last = await client.suspectSearch.findFirst({
    where: { datasetName: name, version },
    orderBy: { createdAt: 'desc' },
    select: { id: true },
  });
  // What a search of an earlier version found holds for the images that are still there.
  const ended = await client.suspectSearch.findFirst({
    where: { datasetName: name, version: { lte: version }, status: 'succeeded' },
    orderBy: [{ version: 'desc' }, { createdAt: 'desc' }],
    select: { id: true },
  });
  const latest = last === null ? null : withoutFound(await searches.get(last.id));
  const search = ended === null ? null : await searches.get(ended.id);
  const found = search?.found ?? null;
  if (search === null || found === null) {
    return {
      ...{ dataset: name, version, latest, search: null },
      ...{ suspects: [], undecided: 0, unseen: 0 },
    };
  }
  const { listed, ...facts } = found;
  const suspects = await reviewed(client, { name, version, found });
  const undecided = suspects.filter(({ state }) => state === 'undecided').length;
  const { id } = search;
  return {
    ...{ dataset: name, version, latest, suspects, undecided },
    search: { ...facts, id, version: search.version, finishedAt: search.finishedAt ?? '' },
    unseen:
      search.version === version ? 0 : await countUnseen(client, name, [search.version, version]),
  };
}

function withoutFound({ found: _, ...state }: SuspectSearch): SuspectReview['latest'] {
  return state;
}

interface Reviewing {
  readonly name: string;
  readonly version: number;
  readonly found: FoundSuspects;
}

/** By their paths in this version. */
async function reviewed(
  client: Client,
  { name, version, found: { listed } }: Reviewing,
): Promise<ReviewedSuspect[]> {
  const hashes = listed.map(({ sha256 }) => sha256);
  const there = await client.sample.findMany({
    where: {
      ...{ datasetName: name, version, split: 'train', label: 'normal' },
      imageSha256: { in: hashes },
    },
    select: { category: true, imageSha256: true, data: true },
    orderBy: { position: 'asc' },
  });
  const kept = await findKept(client, name, listed);
  const paths = new Map<string, string[]>();
  for (const { category, imageSha256, data } of there) {
    const key = suspectKey({ category, sha256: imageSha256 });
    paths.set(key, [...(paths.get(key) ?? []), sampleSchema.parse(data).path]);
  }
  return listed.map((suspect, position) => {
    const key = suspectKey(suspect);
    const own = paths.get(key) ?? [];
    const path = own.includes(suspect.path) ? suspect.path : (own[0] ?? suspect.path);
    const state = stateOf(suspect, own.length > 0, kept.has(key));
    return { ...suspect, path, position, state };
  });
}

function stateOf(
  { imageScore, robustCut }: Suspect,
  isThere: boolean,
  isKept: boolean,
): ReviewedSuspect['state'] {
  if (!isThere) return 'gone';
  if (isKept) return 'kept';
  return imageScore >= robustCut ? 'undecided' : 'usual';
}

/** Normal training images of the later version that the earlier one did not have as such. */
async function countUnseen(
  client: Client,
  name: string,
  [earlier, later]: readonly [number, number],
): Promise<number> {
  const [row] = await client.$queryRaw<{ unseen: number }[]>`
    SELECT count(*)::int AS unseen FROM (
      SELECT category, "imageSha256" FROM "Sample"
      WHERE "datasetName" = ${name} AND version = ${later} AND split = 'train' AND label = 'normal'
      EXCEPT
      SELECT category, "imageSha256" FROM "Sample"
      WHERE "datasetName" = ${name} AND version = ${earlier} AND split = 'train' AND label = 'normal'
    ) AS new`;
  return row?.unseen ?? 0;
}
