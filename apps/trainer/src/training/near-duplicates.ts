/** @file The near duplicates of a dataset version: looked for once, by its import or here, and kept with it. */
import type { NearDuplicate, NearDuplicates, Sample } from '@plumbline/contracts';
import { type BlobStore, luminancePicture } from '@plumbline/data';
import { type Database, outlastDatabase } from '@plumbline/db';
import { findNearDuplicates, gatherNearDuplicates } from '@plumbline/eval';
import { reportOf } from '../import/report-near-duplicates.ts';
import { DATABASE_WAIT_MS } from './training-context.ts';

/** Decoding runs in native threads: a few images at a time keep them busy. */
const AT_A_TIME = 4;

interface Images {
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}

export interface DatasetOfRun extends Images {
  /** Of the dataset. */
  readonly name: string;
  readonly version: number;
  /** As they are kept with it; null where its import did not look for them. */
  readonly nearDuplicates: NearDuplicates | null;
}

/** Those of the dataset version; what is found here no other run looks for again. */
export async function knownNearDuplicates(
  { datasets }: Pick<Database, 'datasets'>,
  dataset: DatasetOfRun,
): Promise<NearDuplicates> {
  const { name, version, nearDuplicates, signal } = dataset;
  if (nearDuplicates !== null) return nearDuplicates;
  const found = await lookForNearDuplicates(dataset);
  await outlastDatabase(() => datasets.keepNearDuplicates({ name, version }, reportOf(found)), {
    limitMs: DATABASE_WAIT_MS,
    signal,
  });
  return found;
}

/** One category after the other, so that not all pictures have to be in memory. */
export async function lookForNearDuplicates({
  samples,
  blobs,
  signal,
}: Images): Promise<NearDuplicates> {
  const normal = samples.filter((sample) => sample.label === 'normal');
  const found: NearDuplicate[] = [];
  for (const category of new Set(normal.map((sample) => sample.category))) {
    const members = normal.filter((sample) => sample.category === category);
    found.push(...findNearDuplicates(members, await picturesOf(members, blobs, signal)));
  }
  return gatherNearDuplicates(found);
}

async function picturesOf(
  samples: readonly Sample[],
  blobs: BlobStore,
  signal: AbortSignal,
): Promise<Map<string, Float32Array>> {
  const pictures = new Map<string, Float32Array>();
  const queue = new Map(samples.map((sample) => [sample.image.sha256, sample])).entries();
  const drain = async () => {
    for (const [sha256, sample] of queue) {
      signal.throwIfAborted();
      pictures.set(sha256, await luminancePicture(await blobs.read(sha256), sample));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, drain));
  return pictures;
}
