/** @file Brings rows of results and test samples together: each test sample has exactly one row, and no row is left. */
import { DomainError, type Sample } from '@plumbline/contracts';
import type { ResultRow } from './result-set.ts';

const NAMED = 3;

/**
 * Row index of every test sample, by the sample's path. A row may name an image from a folder further up: what counts
 * is that its path ends in that of one sample.
 * @throws DomainError INVALID_INPUT naming the row and sample at fault
 */
export function matchSamples(
  rows: readonly ResultRow[],
  samples: readonly Sample[],
): Map<string, number> {
  const byPath = new Map(samples.map((sample) => [sample.path.normalize('NFC'), sample]));
  const categories = [...new Set(samples.map((sample) => sample.category))].sort();
  const rowOf = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const sample = sampleOf(row, byPath, categories);
    const other = rows[rowOf.get(sample.path) ?? -1];
    if (other !== undefined) {
      throw bad(
        sample.path,
        `${sample.path} appears twice: ${other.where} and ${row.where}`,
        'Keep one row for each test image.',
      );
    }
    if (!Number.isFinite(row.score)) {
      throw bad(
        sample.path,
        `The score of ${sample.path} is ${row.score}, not a finite number (${row.where})`,
        'Score the image again; every test image needs a finite score.',
      );
    }
    rowOf.set(sample.path, index);
  }
  const missing = samples.filter((one) => one.split === 'test' && !rowOf.has(one.path));
  if (missing.length > 0) {
    const named = missing.slice(0, NAMED).map((sample) => sample.path);
    const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : '';
    throw bad(
      named[0] ?? '',
      `${missing.length} of the test images have no score: ${named.join(', ')}${more}`,
      'Score all test images of the dataset version; results on some of them are not comparable.',
    );
  }
  return rowOf;
}

function sampleOf(
  row: ResultRow,
  byPath: ReadonlyMap<string, Sample>,
  categories: readonly string[],
): Sample {
  const segments = row.path
    .normalize('NFC')
    .replace(/\\/g, '/')
    .split('/')
    .filter((part) => part !== '.' && part !== '');
  for (let start = 0; start < segments.length; start++) {
    const sample = byPath.get(segments.slice(start).join('/'));
    if (sample === undefined) continue;
    if (sample.split === 'test') return sample;
    throw bad(
      row.path,
      `${row.path} is an image of the ${sample.split} split (${row.where})`,
      'Import the scores of test images only.',
    );
  }
  const category = segments.find((part) => categories.includes(part));
  throw bad(
    row.path,
    category === undefined
      ? `${row.path} belongs to no category of the dataset (${row.where})`
      : `The dataset has no image ${row.path} (${row.where})`,
    category === undefined
      ? `Its categories are ${categories.join(', ')}; begin paths with one of them.`
      : `Write paths as the dataset does, such as ${examplePath(byPath.values(), category)}.`,
  );
}

function examplePath(samples: Iterable<Sample>, category: string): string {
  for (const { path, split, ...sample } of samples)
    if (split === 'test' && sample.category === category) return path;
  return `${category}/…`;
}

function bad(file: string, message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', `${message}.`, { file, fix });
}
