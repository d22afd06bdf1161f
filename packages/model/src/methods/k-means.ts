/** @file k-means with the seeding of k-means++ (Arthur and Vassilvitskii 2007). E numbers of a point. */
import type { RandomStream } from '../nn/random.ts';

const MOST_ROUNDS = 30;

/**
 * @param points f32 `[count, E]`.
 * @param clusters At most; fewer where there are fewer different points.
 * @returns The cluster of each point, i32 `[count]`, from 0 without gaps.
 */
export function kMeans(
  points: Float32Array,
  count: number,
  clusters: number,
  random: RandomStream,
): Int32Array {
  const size = points.length / count;
  const of = (point: number) => points.subarray(point * size, (point + 1) * size);
  const centers = seeds(of, count, clusters, random).map((point) => Float64Array.from(of(point)));
  const clusterOf = new Int32Array(count).fill(-1);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = false;
    for (let point = 0; point < count; point++) {
      const nearest = nearestOf(of(point), centers);
      moved ||= nearest !== clusterOf[point];
      clusterOf[point] = nearest;
    }
    if (!moved) break;
    moveCenters(centers, of, clusterOf);
  }
  const used = [...new Set(clusterOf)].sort((a, b) => a - b);
  return clusterOf.map((cluster) => used.indexOf(cluster));
}

type Point = Float32Array | Float64Array;

/** Each next one likelier the further it is from those before it. */
function seeds(
  of: (point: number) => Point,
  count: number,
  clusters: number,
  random: RandomStream,
): number[] {
  const chosen = [random.nextInteger(count)];
  const distances = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < clusters) {
    let total = 0;
    const last = of(chosen.at(-1) as number);
    for (let point = 0; point < count; point++) {
      distances[point] = Math.min(distances[point]!, squaredDistance(of(point), last));
      total += distances[point]!;
    }
    if (total === 0) break;
    let left = random.nextUniform() * total;
    let next = distances.findLastIndex((distance) => distance > 0);
    for (let point = 0; point < next; point++) {
      left -= distances[point]!;
      if (left < 0 && distances[point]! > 0) next = point;
    }
    chosen.push(next);
  }
  return chosen;
}

function nearestOf(point: Point, centers: readonly Point[]): number {
  let nearest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const [center, values] of centers.entries()) {
    const distance = squaredDistance(point, values);
    if (distance < smallest) [nearest, smallest] = [center, distance];
  }
  return nearest;
}

/** To the means of their points; one without points stays. */
function moveCenters(
  centers: readonly Float64Array[],
  of: (point: number) => Point,
  clusterOf: Int32Array,
): void {
  for (const [cluster, center] of centers.entries()) {
    const own = [...clusterOf.keys()].filter((point) => clusterOf[point] === cluster);
    if (own.length === 0) continue;
    center.fill(0);
    for (const point of own)
      for (const [i, value] of of(point).entries()) center[i]! += value / own.length;
  }
}

function squaredDistance(x: Point, y: Point): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! - y[i]!) ** 2;
  return sum;
}
