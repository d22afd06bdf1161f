/** @file How a mask is read: two levels as they are, more of them cut at the middle. Decided once, at import, and kept with the sample. */
import type { DatasetImportOptions, MaskRule } from '@plumbline/contracts';
import type { MaskValues } from './mask.ts';

/**
 * `two`: at most two levels. `numbers`: small ones, such as a class for each kind of defect. `cut`: more levels, as smoothing
 * and JPEG make.
 */
export type MaskLevels = 'two' | 'numbers' | 'cut';

export interface MaskReading {
  readonly levels: MaskLevels;
  readonly rule: MaskRule;
}

/** No scale of gray ends so low: three levels up to here are numbers of classes. */
const LARGEST_CLASS = 15;
/** Where scales of gray end. */
const WHITES = { integer: [255, 65_535, 2 ** 32 - 1], float: [1, 255, 65_535] };

export function readingOf(mask: MaskValues, told: DatasetImportOptions['masks']): MaskReading {
  const { low, high, levels } = levelsOf(mask);
  const inverted = told === 'inverted';
  const two = levels <= 2;
  // Two levels of which none is 0: the lower one is the ground.
  if (two) return { levels: 'two', rule: { above: levels === 2 ? low : 0, inverted } };
  if (mask.kind === 'integer' && high <= LARGEST_CLASS)
    return { levels: 'numbers', rule: { above: 0, inverted } };
  return { levels: 'cut', rule: { above: middleOf(high, mask.kind), inverted } };
}

/** Half of white; of a mask that stays below it throughout, half of its own largest value. */
function middleOf(high: number, kind: MaskValues['kind']): number {
  const white = WHITES[kind].find((end) => high <= end) ?? high;
  const middle = high > white / 2 ? white / 2 : high / 2;
  return kind === 'integer' ? Math.floor(middle) : middle;
}

/** @returns `levels` up to 3: more are all one. */
function levelsOf({ values }: MaskValues): { low: number; high: number; levels: number } {
  const seen = new Set<number>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (seen.size < 3) seen.add(value);
  }
  return { low, high, levels: seen.size };
}
