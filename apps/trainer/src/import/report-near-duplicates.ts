/** @file Adds near duplicates to the report of an import, so that they are known before anything is trained. */
import type { ImportReport, ImportWarning, NearDuplicates } from '@plumbline/contracts';
import type { ImportedDataset } from '@plumbline/data';
import { findNearDuplicates, gatherNearDuplicates } from '@plumbline/eval';

export function reportNearDuplicates({
  manifest,
  report,
  pictures,
}: ImportedDataset): ImportReport {
  const found = reportOf(gatherNearDuplicates(findNearDuplicates(manifest.samples, pictures)));
  return { ...report, ...found, warnings: [...report.warnings, ...found.warnings] };
}

/** What a report says of them. */
export function reportOf(nearDuplicates: NearDuplicates) {
  return { nearDuplicates, warnings: warningsOf(nearDuplicates) };
}

/** Files named for a category. */
const NAMED_PAIRS = 3;

function warningsOf({ sure, likely, pairs }: NearDuplicates): ImportWarning[] {
  const total = sure + likely;
  if (total === 0) return [];
  const named = pairs
    .slice(0, NAMED_PAIRS)
    .map(({ test, training }) => `${test.path} and ${training.path}`)
    .join('; ');
  const more = total > NAMED_PAIRS ? ` and ${total - NAMED_PAIRS} more` : '';
  const what = total === 1 ? '1 normal test image is' : `${total} normal test images are`;
  const then =
    sure > 0
      ? 'Results on this dataset are not ranked. Remove one image of each pair and import again.'
      : 'Results on this dataset are marked. If a pair shows the same photo, remove one of the two and import again.';
  const message = `${what} nearly the same as a training image (${named}${more}): test results look too good. ${then}`;
  return [{ code: 'NEAR_DUPLICATES', category: null, message }];
}
