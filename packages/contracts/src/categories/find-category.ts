/** @file An image's category, by the votes of the training images that look most like it. */
import type { DescriptorBank } from '../category-bank.ts';
import type { CategoryCandidate } from '../prediction.ts';

export interface VoteOptions {
  /** How many of the nearest images vote. */
  readonly neighbors: number;
  /** Shares of the votes below this are no sure answer. */
  readonly sureFrom: number;
  /** As in a manifest; what is unfamiliar can't be told without. */
  readonly reach?: Readonly<Record<string, number>> | undefined;
}

export interface FoundCategory {
  readonly category: string;
  /** Share of the votes, 0 to 1. */
  readonly confidence: number;
  readonly uncertain: boolean;
  /** Every category with votes, most first. */
  readonly candidates: CategoryCandidate[];
  /** Whether it looks like no training image at all; null where that can't be told. */
  readonly unfamiliar: boolean | null;
}

/**
 * An image this many times as far from every training image as those are from each other belongs to none of the categories. Chosen on
 * `real10` and `sample` together, each category left out in turn: no normal test image is farther than 1.21 times, 99 % of the anomalous ones
 * are within 2.2, and other products begin at 1.95, unless they are as alike as the papers of `real10` are among each other.
 */
export const UNFAMILIAR_FROM = 2;

/**
 * A vote counts (distance of the nearest image / its own distance) to this power. So high that a category with fewer
 * images than there are votes still wins an image that is clearly its own.
 */
const POWER = 8;
/** Squared distances below this are the rounding of halves: images that are the same. */
const SAME = 1e-7;
/** Numbers of a descriptor that are compared before it is seen whether the images are too far. */
const AT_ONCE = 64;
/** Images that are compared at once: a sum waits for each of its additions, and several wait together. */
const LANES = 4;

/**
 * @param descriptor Of the image, `bank.size` numbers.
 * @throws RangeError for a descriptor of another size or a bank without images.
 */
export function findCategory(
  bank: DescriptorBank,
  descriptor: Float32Array,
  { neighbors, sureFrom, reach }: VoteOptions,
): FoundCategory {
  if (descriptor.length !== bank.size) {
    throw new RangeError(`A descriptor of ${descriptor.length} numbers in a bank of ${bank.size}.`);
  }
  const nearest = nearestImages(bank, descriptor, neighbors);
  const candidates = vote(bank, nearest);
  const [first] = candidates;
  if (first === undefined) throw new RangeError('The bank has no images.');
  const { category, confidence } = first;
  const uncertain = confidence < sureFrom;
  return { category, confidence, uncertain, candidates, unfamiliar: isFar(bank, nearest, reach) };
}

/**
 * Whether an image looks like no training image at all, whatever its category is said to be: out of distribution.
 *
 * @param reach As in a manifest.
 * @returns null where the most alike image is of a category without a reach, and for a descriptor of another size.
 */
export function isUnfamiliar(
  bank: DescriptorBank,
  descriptor: Float32Array,
  reach: VoteOptions['reach'],
): boolean | null {
  if (descriptor.length !== bank.size) return null;
  return isFar(bank, nearestImages(bank, descriptor, 1), reach);
}

function isFar(
  { names, categories }: DescriptorBank,
  [nearest]: readonly NearImage[],
  reach: VoteOptions['reach'],
): boolean | null {
  if (nearest === undefined) return null;
  const name = names[categories[nearest.image]!]!;
  if (reach === undefined || !Object.hasOwn(reach, name)) return null;
  return nearest.squaredDistance > (UNFAMILIAR_FROM * reach[name]!) ** 2;
}

export interface NearImage {
  /** Row of the bank. */
  readonly image: number;
  readonly squaredDistance: number;
}

/** @param except Row of the bank that doesn't count. @returns Nearest first. */
export function nearestImages(
  bank: DescriptorBank,
  descriptor: Float32Array,
  count: number,
  except = -1,
): NearImage[] {
  const { categories } = bank;
  const nearest: NearImage[] = [];
  /** Of as many as are wanted; infinity before. */
  let farthest = Number.POSITIVE_INFINITY;
  let distances: Distances = [0, 0, 0, 0];
  for (let image = 0; image < categories.length; image++) {
    const lane = image % LANES;
    if (lane === 0) distances = squaredDistances(bank, descriptor, image, farthest);
    if (image === except) continue;
    const squaredDistance = distances[lane]!;
    if (nearest.length === count && !(squaredDistance < farthest)) continue;
    if (nearest.length === count) nearest.pop();
    const place = nearest.findIndex((other) => squaredDistance < other.squaredDistance);
    nearest.splice(place < 0 ? nearest.length : place, 0, { image, squaredDistance });
    if (nearest.length === count) farthest = nearest.at(-1)?.squaredDistance ?? farthest;
  }
  return nearest;
}

type Distances = readonly [number, number, number, number];

/** Of an image and those after it; those that are farther than `farthest` may be told too near, but not nearer than that. */
function squaredDistances(
  { categories, descriptors, size }: DescriptorBank,
  descriptor: Float32Array,
  image: number,
  farthest: number,
): Distances {
  const last = categories.length - 1;
  const row = (lane: number) => Math.min(image + lane, last) * size;
  const [row0, row1, row2, row3] = [row(0), row(1), row(2), row(3)];
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let from = 0; from < size; from += AT_ONCE) {
    // What is far is so after a part of its numbers.
    if (sum0 >= farthest && sum1 >= farthest && sum2 >= farthest && sum3 >= farthest) break;
    const to = Math.min(from + AT_ONCE, size);
    for (let i = from; i < to; i++) {
      const value = descriptor[i]!;
      const difference0 = value - descriptors[row0 + i]!;
      const difference1 = value - descriptors[row1 + i]!;
      const difference2 = value - descriptors[row2 + i]!;
      const difference3 = value - descriptors[row3 + i]!;
      sum0 += difference0 * difference0;
      sum1 += difference1 * difference1;
      sum2 += difference2 * difference2;
      sum3 += difference3 * difference3;
    }
  }
  return [sum0, sum1, sum2, sum3];
}

/** @param nearest Nearest first. @returns Most votes first; among equals the one with the nearer image. */
export function vote(
  { names, categories }: DescriptorBank,
  nearest: readonly NearImage[],
): CategoryCandidate[] {
  const least = Math.max(SAME, nearest[0]?.squaredDistance ?? SAME);
  const votes = new Map<number, number>();
  let sum = 0;
  for (const { image, squaredDistance } of nearest) {
    const weight = (least / Math.max(SAME, squaredDistance)) ** (POWER / 2);
    const category = categories[image]!;
    votes.set(category, (votes.get(category) ?? 0) + weight);
    sum += weight;
  }
  return [...votes]
    .sort(([, a], [, b]) => b - a)
    .map(([category, weight]) => ({ category: names[category]!, confidence: weight / sum }));
}
