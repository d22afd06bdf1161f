/**
 * @file What is black and white in an image with more than 8 bits that somebody sends: as in training, or as they say; and whether one of 8 bits
 * can be taken as it is.
 */
import {
  type BundleManifest,
  DomainError,
  eightBitsRefusal,
  formatValueRange,
  type ValueRange,
} from '@plumbline/contracts';

/** How an image is to be read. */
export interface ImageReading {
  /** Its category where it is named. */
  readonly category?: string | null | undefined;
  /** In place of the model's. */
  readonly range?: ValueRange | undefined;
}

type Ranges = Pick<BundleManifest, 'ranges' | 'categories'>;

/** The range of the named category; of all categories, where they share one and none is named. */
export function findImageRange(
  manifest: Ranges,
  { category, range }: ImageReading,
): ValueRange | undefined {
  if (range !== undefined) return range;
  const { ranges = [], categories } = manifest;
  if (typeof category === 'string' && Object.hasOwn(categories, category))
    return ranges.find((one) => one.category === category)?.range;
  const isShared =
    ranges.length === Object.keys(categories).length &&
    new Set(ranges.map((one) => formatValueRange(one.range))).size === 1;
  return isShared ? ranges[0]?.range : undefined;
}

/** Why an image with more than 8 bits can't be read: what `findImageRange` lacked. */
export function noImageRange(manifest: Ranges, { category }: ImageReading): DomainError {
  const { ranges = [], categories } = manifest;
  const say =
    'say which of its values are black and white: range=0..4095 for 12 bits, range=0..1 for fractions';
  if (ranges.length === 0 || (category != null && Object.hasOwn(categories, category))) {
    const whose =
      ranges.length === 0 ? 'the model was trained on' : `the model knows ${category} from`;
    return new DomainError(
      'INVALID_INPUT',
      `The image has more than 8 bits, but ${whose} images of 8: how to bring its values to 8 bits is not known.`,
      {
        field: 'range',
        fix: `Send it with 8 bits, converted as the training images were, or ${say}.`,
      },
    );
  }
  const known = ranges.map((one) => `${one.category} ${formatValueRange(one.range)}`).join(', ');
  return new DomainError(
    'INVALID_INPUT',
    `The image has more than 8 bits, and what is black and white in it depends on its category (${known}).`,
    { field: 'category', fix: `Name its category, or ${say}.` },
  );
}

/** Of an image of 8 bits. @throws DomainError INVALID_INPUT where all training images had more */
export function requireDepth(manifest: Ranges, { category = null, range }: ImageReading): void {
  const refusal = eightBitsRefusal(manifest, { category, range });
  if (refusal !== null) throw refusal;
}
