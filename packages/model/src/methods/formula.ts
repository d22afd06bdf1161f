/** @file For tests: numbers that fixtures made elsewhere have by the same formula, so that no file holds them. */

/** Numbers from −1 to 1 that look random: the fraction of a large sine. */
export function formula(count: number, salt: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const raw = Math.sin((i + 1) * 12.9898 + salt * 78.233) * 43758.5453;
    return 2 * (raw - Math.floor(raw)) - 1;
  });
}
