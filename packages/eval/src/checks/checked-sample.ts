/** @file What the checks of an evaluation need to know of a sample, and how their outcomes are written. */
import type { EvaluationCheck, Sample } from '@plumbline/contracts';

export type CheckedSample = Pick<Sample, 'path' | 'category' | 'split' | 'label'> & {
  readonly image: Pick<Sample['image'], 'sha256'>;
};

type CheckName = EvaluationCheck['name'];

/** Files that a check lists at most. */
const MAX_FILES = 40;

export function passed(name: CheckName, message: string): EvaluationCheck {
  return { name, status: 'passed', message, files: [] };
}

/** A check that pairs of files failed; the message names the first pair and counts the others. */
export function failedPairs(
  name: CheckName,
  status: 'marked' | 'barred',
  pairs: readonly { readonly test: string; readonly other: string; readonly words: string }[],
  /** Where not all pairs are given. */
  total = pairs.length,
): EvaluationCheck {
  const [first] = pairs;
  if (first === undefined) throw new Error(`${name} failed without a pair of files`);
  const more = total === 1 ? '' : ` So is that of ${total - 1} more test images.`;
  return {
    name,
    status,
    message: `The image of ${first.test} is ${first.words} ${first.other}.${more}`,
    files: [...new Set(pairs.flatMap(({ test, other }) => [test, other]))].slice(0, MAX_FILES),
  };
}

export function isTest(sample: CheckedSample): boolean {
  return sample.split === 'test';
}

/** By path, so that the pair that a message names does not depend on the order of samples. */
export function inOrder(samples: readonly CheckedSample[]): CheckedSample[] {
  return [...samples].sort((a, b) => (a.path < b.path ? -1 : 1));
}
