/** @file Checks that a run's test images had no part in its training, and that there are enough of them. */
import type { EvaluationCheck, NearDuplicates, Sample } from '@plumbline/contracts';
import {
  checkImageCounts,
  checkNearSameImages,
  checkSameImages,
  checkTestInTraining,
} from '@plumbline/eval';

export interface CheckTestSplitOptions {
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  /** Those that the method or the thresholds were fitted on. */
  readonly fittedOn: readonly Sample[];
  /** Of the dataset version. */
  readonly nearDuplicates: NearDuplicates;
}

export function checkTestSplit({
  samples,
  fittedOn,
  nearDuplicates,
}: CheckTestSplitOptions): EvaluationCheck[] {
  return [
    checkSameImages(samples),
    checkNearSameImages(nearDuplicates, samples),
    checkTestInTraining(
      samples,
      fittedOn.map(({ path, image }) => ({ path, sha256: image.sha256 })),
    ),
    checkImageCounts(samples),
  ];
}
