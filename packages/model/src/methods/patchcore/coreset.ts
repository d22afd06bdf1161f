/**
 * @file Greedy coreset: patches chosen one by one, each the farthest from all chosen before (Roth et al., arXiv
 * 2106.08265, algorithm 1), begun as in the released approximation with the mean distance to a few random patches.
 */
import type { RandomStream } from '../../nn/random.ts';

export interface CoresetOptions {
  /** Points to choose from. */
  readonly count: number;
  /** How many to choose. */
  readonly wanted: number;
  readonly start: RandomStart | CoresetStart;
  /** Squared distances of all points to some: f32 `[some, count]`, valid until the next call. */
  distancesTo(some: Int32Array): Promise<Float32Array>;
  /** Awaited now and then. */
  onProgress(chosen: number): Promise<void>;
}

/** Begins with the mean distance to a few random points, which are not chosen by that. */
export interface RandomStart {
  readonly points: number;
  readonly random: RandomStream;
}

/** Goes on from points that are chosen already. */
export interface CoresetStart {
  /** Squared, f32 `[count]`: to the nearest chosen point; 0 for a point that is not to be chosen. Changed. */
  readonly distances: Float32Array;
  readonly negligible: number;
}

export interface Coreset {
  /** Indices of the chosen points in the order of choice: fewer than wanted when nothing different is left. */
  readonly chosen: Int32Array;
  /** Largest distance of a point to the nearest chosen one. */
  readonly radius: number;
  /** Squared distance below which a point counts as chosen already. */
  readonly negligible: number;
}

/** Candidates whose distances are computed at once: a matrix product is many times faster than as many rows apart. */
const CANDIDATES = 32;
/** Squared distances below this share of the first largest one are rounding: the point is there already. */
const SAME_POINT = 1e-6;

/**
 * The next point is the farthest. The farthest of the next choices are nearly always among those that are farthest
 * now, so their distances are computed ahead; whenever another point is the farthest, new candidates are taken. What
 * is chosen is what choosing one at a time would give.
 */
export async function greedyCoreset(options: CoresetOptions): Promise<Coreset> {
  const { count } = options;
  const { distances, negligible } = await begin(options);
  const limit = Math.min(options.wanted, count);
  const chosen: number[] = [];
  const isOpen = (next: number) => chosen.length < limit && distances[next]! > negligible;
  let next = farthest(distances);
  while (isOpen(next)) {
    const candidates = farthestOf(distances, CANDIDATES);
    const table = await options.distancesTo(candidates);
    const rows = new Map(Array.from(candidates, (point, row) => [point, row]));
    for (let row = rows.get(next); row !== undefined && isOpen(next); row = rows.get(next)) {
      chosen.push(next);
      next = approach(distances, table.subarray(row * count, (row + 1) * count), next);
    }
    await options.onProgress(chosen.length);
  }
  return {
    chosen: Int32Array.from(chosen),
    radius: Math.sqrt(distances[next] ?? 0),
    negligible,
  };
}

/** Takes a chosen point's distances where they are smaller. @returns The point that is then the farthest. */
function approach(distances: Float32Array, own: Float32Array, chosen: number): number {
  // Its distance to itself is rounding.
  distances[chosen] = 0;
  let best = 0;
  let largest = -1;
  for (let i = 0; i < own.length; i++) {
    let distance = distances[i]!;
    if (own[i]! < distance) {
      distance = own[i]!;
      distances[i] = distance;
    }
    if (distance > largest) {
      largest = distance;
      best = i;
    }
  }
  return best;
}

async function begin({ count, start, distancesTo }: CoresetOptions): Promise<CoresetStart> {
  if ('distances' in start) return start;
  const starts = start.random.permutation(count).subarray(0, start.points);
  const table = await distancesTo(starts);
  const distances = Float32Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let row = 0; row < starts.length; row++) sum += Math.sqrt(table[row * count + i]!);
    return (sum / starts.length) ** 2;
  });
  return { distances, negligible: SAME_POINT * (distances[farthest(distances)] ?? 0) };
}

/** The first point of the largest distance. */
function farthest(distances: Float32Array): number {
  let best = 0;
  for (let i = 1; i < distances.length; i++) if (distances[i]! > distances[best]!) best = i;
  return best;
}

/** The points of the largest distances, the first of them the farthest. */
function farthestOf(distances: Float32Array, wanted: number): Int32Array {
  const limit = Math.min(wanted, distances.length);
  // Ascending, so that the first is what a larger one takes the place of.
  const points: number[] = [];
  let least = -1;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i]!;
    if (points.length === limit && distance <= least) continue;
    if (points.length === limit) points.shift();
    let at = points.length;
    while (at > 0 && distances[points[at - 1]!]! >= distance) at--;
    points.splice(at, 0, i);
    least = distances[points[0]!]!;
  }
  return Int32Array.from(points.reverse());
}
