/** @file Checks that a run's test images had no part in its training, and that there are enough of them. */
import type { EvaluationCheck, Sample } from '@plumbline/contracts';
import { type BlobStore, luminancePicture } from '@plumbline/data';
import {
  checkImageCounts,
  checkNearSameImages,
  checkSameImages,
  checkTestInTraining,
  findNearPairs,
  type NearPairs,
} from '@plumbline/eval';

/** Decoding runs in native threads: a few images at a time keep them busy. */
const AT_A_TIME = 4;

export interface CheckSamplesOptions {
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  /** Those that the method or the thresholds were fitted on. */
  readonly fittedOn: readonly Sample[];
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}

export async function checkSamples(options: CheckSamplesOptions): Promise<EvaluationCheck[]> {
  const { samples, fittedOn, blobs, signal } = options;
  const near: NearPairs[] = [];
  for (const category of new Set(samples.map((sample) => sample.category))) {
    const members = samples.filter((sample) => sample.category === category);
    near.push(findNearPairs(members, await picturesOf(members, blobs, signal)));
  }
  return [
    checkSameImages(samples),
    checkNearSameImages(near),
    checkTestInTraining(
      samples,
      fittedOn.map(({ path, image }) => ({ path, sha256: image.sha256 })),
    ),
    checkImageCounts(samples),
  ];
}

async function picturesOf(
  samples: readonly Sample[],
  blobs: BlobStore,
  signal: AbortSignal,
): Promise<Map<string, Float32Array>> {
  const pictures = new Map<string, Float32Array>();
  const queue = new Map(samples.map(({ image, path }) => [image.sha256, path])).entries();
  const drain = async () => {
    for (const [sha256, path] of queue) {
      signal.throwIfAborted();
      pictures.set(sha256, await luminancePicture(await blobs.read(sha256), path));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, drain));
  return pictures;
}
