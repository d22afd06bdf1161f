/** @file What intervals and tests have in common, and Holm's correction of p-values. */
export const DEFAULT_CONFIDENCE = 0.95;
/** Behind every variance by resampling: 1000 leave it an error of about 5 %, hence intervals one of 2 %. */
export const DEFAULT_RESAMPLES = 1000;

/** Holm's step-down correction of p-values (S. Holm, Scand. J. Statist. 6, 1979), in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length).fill(1);
  let floor = 0;
  for (const [step, index] of order.entries()) {
    floor = Math.max(floor, Math.min(1, (ps.length - step) * ps[index]!));
    adjusted[index] = floor;
  }
  return adjusted;
}
