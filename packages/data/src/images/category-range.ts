/** @file Finds what is black and white in the images of a category that have more than 8 bits: never image by image, which would hide a dark part. */
import { DomainError, formatValueRange, type ValueRange } from '@plumbline/contracts';
import type { ValueSpan } from './deep-pixels.ts';

export interface ImageValues {
  readonly file: string;
  /** `eight`: 8 bits, taken as they are. */
  readonly kind: 'eight' | 'integer' | 'float';
  /** Null with 8 bits. */
  readonly span: ValueSpan | null;
}

/** Fractions may leave 0..1 by so much: resampling does that. */
const OVERSHOOT = 0.001;
/** Floating-point values up to 255 are taken for levels of 8 bits only where the largest is at least this. */
const MIN_LEVELS = 32;
const MIN_BITS = 8;

/**
 * Integers: 0 to the largest value of as few bits as hold every value, at least 8. Floating point: 0..1 or 0..255, whichever
 * holds every value.
 *
 * @returns null where all images have 8 bits
 * @throws DomainError INVALID_INPUT naming a file when the range can't be known: kinds are mixed, or floating-point values
 *   fit neither
 */
export function findCategoryRange(
  category: string,
  images: readonly ImageValues[],
  declared?: ValueRange,
): ValueRange | null {
  const deep = images.filter(({ kind }) => kind !== 'eight');
  const [first] = deep;
  if (first === undefined) return null;
  const broken = deep.find(({ span }) => span?.hasUnusable);
  if (broken !== undefined) {
    throw new DomainError(
      'INVALID_INPUT',
      `${broken.file} holds values that are not finite (NaN or infinity).`,
      { file: broken.file, fix: 'Replace them, for example by the value of a neighbor.' },
    );
  }
  if (declared !== undefined) return assertUseful(category, deep, declared);
  const other = images.find(({ kind }) => kind !== first.kind);
  if (other !== undefined) {
    throw unknown(
      first.file,
      `${category} mixes ${words(first)} with ${words(other)}: Plumbline can't know whether equal values mean equal brightness.`,
      'Save all images of the category in the same way, or say which values are black and white in those with more than 8 bits',
    );
  }
  const high = deep.reduce((most, { span }) => Math.max(most, span?.high ?? 0), 0);
  if (first.kind === 'integer') return { low: 0, high: 2 ** significantBits(high) - 1 };
  return floatRange(deep, high);
}

function floatRange(deep: readonly ImageValues[], high: number): ValueRange {
  const lowest = deep.reduce((a, b) => ((b.span?.low ?? 0) < (a.span?.low ?? 0) ? b : a));
  const highest = deep.reduce((a, b) => ((b.span?.high ?? 0) > (a.span?.high ?? 0) ? b : a));
  const low = lowest.span?.low ?? 0;
  if (low >= -OVERSHOOT && high <= 1 + OVERSHOOT) return { low: 0, high: 1 };
  if (low >= 0 && high >= MIN_LEVELS && high <= 255) return { low: 0, high: 255 };
  const odd = low < -OVERSHOOT ? lowest : highest;
  throw unknown(
    odd.file,
    `${odd.file} has floating-point values from ${round(odd.span?.low)} to ${round(odd.span?.high)}, neither within 0..1 nor up to 255: Plumbline can't know which of them are black and white.`,
    'Say it',
  );
}

/** A range that no image has would turn them all black or white in silence. */
function assertUseful(
  category: string,
  deep: readonly ImageValues[],
  range: ValueRange,
): ValueRange {
  const low = deep.reduce(
    (least, { span }) => Math.min(least, span?.low ?? 0),
    Number.POSITIVE_INFINITY,
  );
  const high = deep.reduce(
    (most, { span }) => Math.max(most, span?.high ?? 0),
    Number.NEGATIVE_INFINITY,
  );
  if (low <= range.high && high >= range.low) return range;
  throw unknown(
    deep[0]?.file ?? category,
    `The images of ${category} have values from ${round(low)} to ${round(high)}, all outside ${formatValueRange(range)}.`,
    'Give a range that they have',
  );
}

function unknown(file: string, message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, {
    file,
    field: 'range',
    fix: `${fix}: --range LOW..HIGH, as in --range 0..4095 (“Values” in the import form, \`range\` in the API).`,
  });
}

function words({ file, kind }: ImageValues): string {
  if (kind === 'eight') return `images of 8 bits (${file})`;
  return kind === 'integer'
    ? `integers of more than 8 bits (${file})`
    : `floating-point values (${file})`;
}

function significantBits(value: number): number {
  return Math.max(MIN_BITS, Math.floor(Math.log2(Math.max(1, value))) + 1);
}

function round(value: number | undefined): string {
  return String(Number((value ?? Number.NaN).toPrecision(4)));
}
