/** @file Ranks of model versions with tie groups, over their scores of the same test images. */
import type { ImageResult, ModelVersion } from '@plumbline/contracts';
import type { TieGroupRank, UnrankedRow } from '@plumbline/eval';
import { rankByTieGroups } from './statistics.ts';

export interface VersionRanks {
  /** By `<model>@<version>`. */
  readonly groups: ReadonlyMap<string, TieGroupRank>;
  /** Versions whose scores are of other images than the rest's, and which. */
  readonly refusals: ReadonlyMap<ModelVersion, string>;
}

export type ImagesByVersion = ReadonlyMap<ModelVersion, ImageResult[]>;

export async function rankVersions(
  versions: readonly ModelVersion[],
  images: ImagesByVersion,
): Promise<VersionRanks> {
  const candidates = versions.filter((version) => !isBarred(version));
  const refusals = mismatches(candidates, images);
  const comparable = candidates.filter((version) => !refusals.has(version));
  const rows = comparable.map((version) => ({
    id: referenceOf(version),
    runs: [images.get(version) ?? []],
  }));
  const ranks = await rankByTieGroups(comparable.map(contentOf).sort().join(' '), rows);
  return { groups: new Map(ranks.map((rank) => [rank.id, rank])), refusals };
}

export function rankIn({ groups }: VersionRanks, row: UnrankedRow): number | undefined {
  return groups.get(`${row.model}@${row.modelVersion}`)?.rank;
}

/** `<model>@<version>`. */
export function referenceOf({ model, version }: ModelVersion): string {
  return `${model}@${version}`;
}

/** Names the scores of a version among all that this process ever sees. */
export function contentOf(version: ModelVersion): string {
  return `${referenceOf(version)}:${version.bundleHash}:${version.createdAt}`;
}

function isBarred({ manifest }: ModelVersion): boolean {
  return (manifest.evaluation?.checks ?? []).some((check) => check.status === 'barred');
}

/** Against the version with the most images, the first of them by name. */
function mismatches(
  versions: readonly ModelVersion[],
  images: ImagesByVersion,
): Map<ModelVersion, string> {
  const sizeOf = (version: ModelVersion) => images.get(version)?.length ?? 0;
  const [fullest] = [...versions].sort((a, b) => sizeOf(b) - sizeOf(a));
  const refusals = new Map<ModelVersion, string>();
  if (fullest === undefined) return refusals;
  const wanted = new Map((images.get(fullest) ?? []).map((image) => [image.path, image]));
  for (const version of versions) {
    const reason = mismatchOf(images.get(version) ?? [], wanted);
    if (reason !== null) refusals.set(version, reason);
  }
  return refusals;
}

function mismatchOf(
  images: readonly ImageResult[],
  wanted: ReadonlyMap<string, ImageResult>,
): string | null {
  const own = new Set(images.map((image) => image.path));
  for (const image of images) {
    const other = wanted.get(image.path);
    if (other === undefined) return `Only this row scored the test image ${image.path}.`;
    if (other.label !== image.label || other.category !== image.category)
      return `The test image ${image.path} has another label or category here than in the other rows.`;
  }
  for (const path of wanted.keys()) {
    if (!own.has(path)) return `It has no score for the test image ${path}.`;
  }
  return null;
}
