/** @file Which values of an image with more than 8 bits become black and white. */
import { z } from 'zod';
import { DomainError } from './errors.ts';

/**
 * Values from `low` (black) to `high` (white), in the image's own units, spread evenly over 8 bits; what lies outside is cut off.
 * It says nothing of images of 8 bits, which are taken as they are.
 */
export const valueRangeSchema = z
  .object({ low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, 'The range must go from a lower to a higher value.');
export type ValueRange = z.infer<typeof valueRangeSchema>;

/** Of the images of a category that have more than 8 bits. */
export const categoryRangeSchema = z.object({ category: z.string(), range: valueRangeSchema });
export type CategoryRange = z.infer<typeof categoryRangeSchema>;

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
