/** @file Test images by category and label: what a stratified bootstrap draws from. */
import { DomainError, type ImageResult } from '@plumbline/contracts';

/** What image metrics need of a scored test image. */
export type ImageScoreRow = Pick<ImageResult, 'path' | 'category' | 'label' | 'imageScore'>;

/** Image scores of one category; each label's in order of path, so that the order of rows changes nothing. */
export interface ImageStrata {
  readonly category: string;
  readonly anomalousPaths: readonly string[];
  readonly normalPaths: readonly string[];
  /** f64, anomalous first, then normal. */
  readonly scores: Float64Array;
}

/**
 * Groups rows by category, in order of name.
 *
 * @throws DomainError INVALID_INPUT naming a sample that is there twice or has no finite score
 */
export function imageStrata(rows: readonly ImageScoreRow[]): ImageStrata[] {
  const categories = new Map<string, ImageScoreRow[]>();
  const seen = new Set<string>();
  for (const row of rows) {
    if (seen.has(row.path)) throw refusal(row.path, `Sample ${row.path} appears twice.`);
    seen.add(row.path);
    if (!Number.isFinite(row.imageScore)) {
      throw refusal(row.path, `The image score of ${row.path} is ${row.imageScore}, not finite.`);
    }
    const members = categories.get(row.category);
    if (members) members.push(row);
    else categories.set(row.category, [row]);
  }
  return [...categories.entries()]
    .sort(([a], [b]) => compareText(a, b))
    .map(([category, members]) => {
      members.sort((a, b) => compareText(a.path, b.path));
      const anomalous = members.filter((row) => row.label === 'anomalous');
      const normal = members.filter((row) => row.label === 'normal');
      return {
        category,
        anomalousPaths: anomalous.map((row) => row.path),
        normalPaths: normal.map((row) => row.path),
        scores: Float64Array.from([...anomalous, ...normal], (row) => row.imageScore),
      };
    });
}

/** By code unit, so that no order depends on the machine's language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Throws INVALID_INPUT naming the first sample that only one of two results has, or that they label differently. */
export function assertSameImages(a: readonly ImageScoreRow[], b: readonly ImageScoreRow[]): void {
  const known = new Map(a.map((row) => [row.path, row]));
  for (const row of b) {
    const other = known.get(row.path);
    if (other === undefined) {
      throw refusal(row.path, `Sample ${row.path} was scored by one of the two models only.`);
    }
    if (other.category !== row.category || other.label !== row.label) {
      throw refusal(row.path, `Sample ${row.path} differs in category or label between the two.`);
    }
    known.delete(row.path);
  }
  for (const path of known.keys()) {
    throw refusal(path, `Sample ${path} was scored by one of the two models only.`);
  }
}

function refusal(file: string, message: string): DomainError {
  const fix = 'Compare results over exactly the same test images.';
  return new DomainError('INVALID_INPUT', message, { file, field: 'images', fix });
}
