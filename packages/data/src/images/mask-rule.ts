/** @file How a mask is read: two levels as they are, kinds of defects as one, edges cut at the middle. Decided once, at import, and kept with the sample. */
import type { DatasetImportOptions, MaskRule } from '@plumbline/contracts';
import type { MaskValues } from './mask.ts';
import { areasOf } from './mask-areas.ts';

/**
 * `two`: at most two levels. `kinds`: a level or color for each kind of defect. `cut`: more levels, as smoothing and JPEG make.
 */
export type MaskLevels = 'two' | 'kinds' | 'cut';

export interface MaskReading {
  readonly levels: MaskLevels;
  readonly rule: MaskRule;
}

type Told = DatasetImportOptions['masks'];

/** No scale of gray ends so low: three levels up to here are numbers of classes. */
const LARGEST_CLASS = 15;
/** Where scales of gray end. */
const WHITES = { integer: [255, 65_535, 2 ** 32 - 1], float: [1, 255, 65_535] };
const BLACK = 0;
/** Their blocks look like areas. */
const LOSSY = new Set<string>(['jpeg', 'webp']);

export function readingOf(mask: MaskValues, told: Told): MaskReading {
  const inverted = told === 'inverted';
  const colors =
    mask.colors === null || LOSSY.has(mask.format) ? null : areasOf(mask.colors, mask.width);
  if (colors !== null && colors.size > 1) {
    const reading = readingOfColors(colors, inverted);
    if (reading !== null) return reading;
  }
  return readingOfLevels(mask, inverted);
}

/** Null where colors are those of edges: their largest channel tells more. */
function readingOfColors(
  colors: ReadonlyMap<number, { pixels: number; isArea: boolean }>,
  inverted: boolean,
): MaskReading | null {
  if (colors.size > 2 && ![...colors].every(([color, { isArea }]) => isArea || color === BLACK))
    return null;
  const levels = colors.size === 2 ? 'two' : 'kinds';
  if (colors.has(BLACK)) return { levels, rule: { above: 0, inverted } };
  const [ground] = [...colors].reduce((a, b) => (b[1].pixels > a[1].pixels ? b : a));
  return { levels, rule: { above: 0, inverted, ground } };
}

function readingOfLevels(mask: MaskValues, inverted: boolean): MaskReading {
  const { low, high, levels } = levelsOf(mask);
  // Two levels of which none is 0: the lower one is the ground.
  if (levels <= 2) return { levels: 'two', rule: { above: levels === 2 ? low : 0, inverted } };
  if (mask.kind === 'integer' && high <= LARGEST_CLASS)
    return { levels: 'kinds', rule: { above: 0, inverted } };
  const above = middleOf(high, mask.kind);
  const areas = LOSSY.has(mask.format) ? null : areasOf(mask.values, mask.width);
  // A cut would lose whole areas, where smoothing makes nothing but edges.
  const lost = [...(areas ?? [])].some(
    ([level, { isArea }]) => isArea && level > low && level <= above,
  );
  if (lost) return { levels: 'kinds', rule: { above: low, inverted } };
  return { levels: 'cut', rule: { above, inverted } };
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
