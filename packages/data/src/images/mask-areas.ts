/** @file Which values of a mask fill areas: kinds of defects do, while smoothing leaves its values along edges. */

export interface MaskArea {
  readonly pixels: number;
  /** Whether a tenth of its pixels or more begin a square of two by two with its value. */
  readonly isArea: boolean;
}

/** More different values are none that anybody drew. */
const MOST_VALUES = 32;
const LEAST_SHARE = 0.1;

/** @returns by value; null for more than 32 different ones. */
export function areasOf(
  values: ArrayLike<number>,
  width: number,
): ReadonlyMap<number, MaskArea> | null {
  const counts = new Map<number, { pixels: number; squares: number }>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    let own = counts.get(value);
    if (own === undefined) {
      if (counts.size === MOST_VALUES) return null;
      own = { pixels: 0, squares: 0 };
      counts.set(value, own);
    }
    own.pixels++;
    const isSquare =
      i % width < width - 1 &&
      values[i + 1] === value &&
      values[i + width] === value &&
      values[i + width + 1] === value;
    if (isSquare) own.squares++;
  }
  return new Map(
    [...counts].map(([value, { pixels, squares }]) => [
      value,
      { pixels, isArea: squares >= LEAST_SHARE * pixels },
    ]),
  );
}
