/** @file Which values of an image with more than 8 bits become black and white. */
import { z } from 'zod';
import { DomainError } from './errors.ts';

/**
 * Values from `low` (black) to `high` (white), in the image's own units, spread evenly over 8 bits; what lies outside is cut off.
 * It says nothing of images of 8 bits, which are taken as they are, but where a model knows none (`eightBitsRefusal`).
 */
export const valueRangeSchema = z
  .object({ low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, 'The range must go from a lower to a higher value.');
export type ValueRange = z.infer<typeof valueRangeSchema>;

/** Of the images of a category that have more than 8 bits. */
export const categoryRangeSchema = z.object({
  category: z.string(),
  range: valueRangeSchema,
  /** Whether training had images of 8 bits of it as well. Absent where it had none, and in bundles of before. */
  alsoEightBits: z.literal(true).optional(),
});
export type CategoryRange = z.infer<typeof categoryRangeSchema>;

/** Says of an image of 8 bits that it was brought to them as the training images were. */
export const EIGHT_BITS: ValueRange = { low: 0, high: 255 };

/** Of a bundle's manifest. */
export interface KnownRanges {
  readonly ranges?: readonly CategoryRange[] | undefined;
  readonly categories: Readonly<Record<string, unknown>>;
}

/**
 * Why an image of 8 bits can't be judged: all training images had more, and nothing says that it was brought to 8 as they were. A camera that
 * was switched to 8 bits, or a viewer that stretches what it saves, would give other values for the same part.
 * @param category Null, or none that the model knows: it may be any.
 * @param range As it was asked for.
 * @returns Null where it can.
 */
export function eightBitsRefusal(
  { ranges = [], categories }: KnownRanges,
  { category, range }: { readonly category: string | null; readonly range: ValueRange | undefined },
): DomainError | null {
  if (range?.low === EIGHT_BITS.low && range.high === EIGHT_BITS.high) return null;
  const names =
    category !== null && Object.hasOwn(categories, category) ? [category] : Object.keys(categories);
  const own = names.flatMap((name) => ranges.find((one) => one.category === name) ?? []);
  const [first] = own;
  if (first === undefined || own.length < names.length) return null;
  if (own.some(({ alsoEightBits }) => alsoEightBits)) return null;
  return new DomainError(
    'INVALID_INPUT',
    `The image has 8 bits, but the model was trained on images with more (${own.map((one) => `${one.category} ${formatValueRange(one.range)}`).join(', ')}): whether its values mean the same is not known.`,
    {
      field: 'image',
      fix: 'Send it with the bits that the camera gives. If it was brought to 8 bits by that range, say so: range=0..255 in the request, --range 0..255 with plumb predict, “Values” in the dashboard; a batch cannot say it.',
    },
  );
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const TEXT = new RegExp(`^\\s*(${NUMBER})\\.\\.(${NUMBER})\\s*$`);

/** @param text As in `0..4095`. @throws DomainError INVALID_INPUT, field `range`. */
export function parseValueRange(text: string): ValueRange {
  const match = TEXT.exec(text);
  const parsed = valueRangeSchema.safeParse({ low: Number(match?.[1]), high: Number(match?.[2]) });
  if (match !== null && parsed.success) return parsed.data;
  throw new DomainError('INVALID_INPUT', `"${text}" is not a range of values.`, {
    field: 'range',
    fix: 'Give the values of black and white, the lower one first: 0..4095 for 12 bits, 0..1 for fractions.',
  });
}

export function formatValueRange({ low, high }: ValueRange): string {
  return `${low}..${high}`;
}

/** `range` in a query. */
export const valueRangeText = z.string().transform((text, context): ValueRange => {
  try {
    return parseValueRange(text);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    context.addIssue({ code: 'custom', message: `${error.message} ${error.fix ?? ''}` });
    return z.NEVER;
  }
});
