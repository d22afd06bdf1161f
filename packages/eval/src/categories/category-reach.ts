/** @file How far the training images of a category are from each other: an image much farther from all of them is unfamiliar. */
import { UNFAMILIAR_FROM } from '@plumbline/contracts';
import { LEAST_FOR_REACH, type LeftOut } from './leave-one-out.ts';

/** Images that are all but the same reach this far: between two cameras' noise. Descriptors have length 1.4. */
const LEAST = 0.05;
/** Of a category's images at most this share, and at most one where that is none, may be left out as unlike the rest. */
const APART_SHARE = 0.1;

/**
 * @returns By category, from eight images on, the largest distance of one from the one most like it; without those that are themselves
 * unfamiliar to the rest, or a single photograph that went wrong would make everything familiar.
 */
export function categoryReach(leftOut: readonly LeftOut[]): Record<string, number> {
  const distances = new Map<string, number[]>();
  for (const { category, distance } of leftOut)
    distances.set(category, [...(distances.get(category) ?? []), distance]);
  return Object.fromEntries(
    [...distances].flatMap(([category, all]) =>
      all.length < LEAST_FOR_REACH ? [] : [[category, reachOf(all)]],
    ),
  );
}

function reachOf(distances: readonly number[]): number {
  const farthest = distances.map((one) => Math.max(LEAST, one)).sort((a, b) => b - a);
  const most = Math.max(1, Math.floor(APART_SHARE * farthest.length));
  for (let apart = most; apart > 0; apart--)
    if (farthest[apart - 1]! > UNFAMILIAR_FROM * farthest[apart]!) return farthest[apart]!;
  return farthest[0]!;
}
