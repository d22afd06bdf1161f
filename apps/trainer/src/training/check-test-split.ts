/** @file Checks that a run's test images had no part in its training, and that there are enough of them. */
import type { EvaluationCheck, NearDuplicate, NearDuplicates, Sample } from '@plumbline/contracts';
import { type BlobStore, luminancePicture } from '@plumbline/data';
import {
  checkImageCounts,
  checkNearSameImages,
  checkSameImages,
  checkTestInTraining,
  findNearDuplicates,
  gatherNearDuplicates,
} from '@plumbline/eval';

/** Decoding runs in native threads: a few images at a time keep them busy. */
const AT_A_TIME = 4;

export interface CheckTestSplitOptions {
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  /** Those that the method or the thresholds were fitted on. */
  readonly fittedOn: readonly Sample[];
  /** Of the import; null where it did not look for them, so that it is done here. */
  readonly nearDuplicates: NearDuplicates | null;
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}

export async function checkTestSplit(options: CheckTestSplitOptions): Promise<EvaluationCheck[]> {
  const { samples, fittedOn } = options;
  return [
    checkSameImages(samples),
    checkNearSameImages(options.nearDuplicates ?? (await lookForNearDuplicates(options)), samples),
    checkTestInTraining(
      samples,
      fittedOn.map(({ path, image }) => ({ path, sha256: image.sha256 })),
    ),
    checkImageCounts(samples),
  ];
}

async function lookForNearDuplicates({
  samples,
  blobs,
  signal,
}: CheckTestSplitOptions): Promise<NearDuplicates> {
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
