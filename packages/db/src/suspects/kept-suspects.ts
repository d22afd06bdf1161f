/** @file Training images that stood out, of which somebody has said that they belong. */
import type { Client } from '../client.ts';

/** One image in one category of a dataset, whatever its path. */
export interface KeptSuspect {
  readonly category: string;
  readonly sha256: string;
}

export const suspectKey = ({ category, sha256 }: KeptSuspect): string => `${category}/${sha256}`;

/** Those of these images that were kept, by `suspectKey`. */
export async function findKept(
  client: Client,
  datasetName: string,
  images: readonly KeptSuspect[],
): Promise<ReadonlySet<string>> {
  const kept = await client.keptSuspect.findMany({
    where: { datasetName, sha256: { in: images.map(({ sha256 }) => sha256) } },
    select: { category: true, sha256: true },
  });
  return new Set(kept.map(suspectKey));
}
