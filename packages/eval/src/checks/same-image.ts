/** @file Images that are byte for byte the same in the test split and elsewhere, or that the model was fitted on. */
import type { EvaluationCheck } from '@plumbline/contracts';
import { type CheckedSample, failedPairs, inOrder, isTest, passed } from './checked-sample.ts';

/** Bars when a test image has the bytes (SHA-256) of one of another split. */
export function checkSameImages(samples: readonly CheckedSample[]): EvaluationCheck {
  const name = 'same-image-across-splits';
  const elsewhere = new Map<string, string>();
  for (const sample of inOrder(samples)) {
    if (isTest(sample) || elsewhere.has(sample.image.sha256)) continue;
    elsewhere.set(sample.image.sha256, sample.path);
  }
  const pairs = inOrder(samples.filter(isTest)).flatMap((sample) => {
    const other = elsewhere.get(sample.image.sha256);
    return other === undefined ? [] : [{ test: sample.path, other, words: wordsOf(sample) }];
  });
  if (pairs.length > 0) return failedPairs(name, 'barred', pairs);
  return passed(name, 'No test image is byte for byte the same as one of another split.');
}

/** The same image can't be both. */
function wordsOf({ label }: CheckedSample): string {
  if (label === 'normal') return 'byte for byte the same as';
  return 'labeled anomalous, but is byte for byte the same as the normal image';
}

/**
 * Bars when a test image is among the images that a run fitted the model, or its thresholds, on.
 *
 * @param fittedOn SHA-256 of every image that training or the thresholds have seen, with the path it went by
 */
export function checkTestInTraining(
  samples: readonly CheckedSample[],
  fittedOn: readonly { readonly path: string; readonly sha256: string }[],
): EvaluationCheck {
  const name = 'test-image-in-training';
  const seen = new Map(fittedOn.map(({ path, sha256 }) => [sha256, path]));
  const pairs = inOrder(samples.filter(isTest)).flatMap((sample) => {
    const other = seen.get(sample.image.sha256);
    return other === undefined
      ? []
      : [{ test: sample.path, other, words: 'one that the model was fitted on, as' }];
  });
  if (pairs.length > 0) return failedPairs(name, 'barred', pairs);
  return passed(
    name,
    `None of the ${fittedOn.length} images that the model was fitted on is a test image.`,
  );
}
