/** @file How far the training images of a category are from each other: an image much farther from all of them is unfamiliar. */
import type { LeftOut } from './leave-one-out.ts';

/** With fewer the farthest of them says too little of the next one. */
export const LEAST_FOR_REACH = 8;
/** Images that are all but the same reach this far: between two cameras' noise. Descriptors have length 1.4. */
const LEAST = 0.05;

/** @returns By category, from eight images on, the largest distance of one from the one most like it. */
export function categoryReach(leftOut: readonly LeftOut[]): Record<string, number> {
  const distances = new Map<string, number[]>();
  for (const { category, distance } of leftOut)
    distances.set(category, [...(distances.get(category) ?? []), distance]);
  return Object.fromEntries(
    [...distances].flatMap(([category, all]) =>
      all.length < LEAST_FOR_REACH ? [] : [[category, Math.max(LEAST, ...all)]],
    ),
  );
}
