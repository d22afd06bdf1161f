/**
 * @file Greedy coreset: patches chosen one by one, each the farthest from all chosen before (Roth et al., arXiv
 * 2106.08265, algorithm 1), begun as in the released approximation with the mean distance to a few random patches.
 */
import type { RandomStream } from '../../nn/random.ts';

export interface CoresetOptions {
  /** f32 `[count, size]`. */
  readonly points: Float32Array;
  readonly size: number;
  /** How many to choose. */
  readonly wanted: number;
  readonly startingPoints: number;
  readonly random: RandomStream;
  /** Awaited now and then. */
  onProgress(chosen: number): Promise<void>;
}

export interface Coreset {
  /** Indices of the chosen points in the order of choice: fewer than wanted when nothing different is left. */
  readonly chosen: Int32Array;
  /** Largest distance of a point to the nearest chosen one. */
  readonly radius: number;
}

const REPORT_EVERY = 64;
/** Numbers summed before a distance that is too long already is given up. */
const BLOCK = 16;

export async function greedyCoreset(options: CoresetOptions): Promise<Coreset> {
  const { points, size, wanted } = options;
  const count = points.length / size;
  const search = new FarthestPoints(points, size);
  search.begin(options.random.permutation(count).subarray(0, options.startingPoints));
  const chosen: number[] = [];
  while (chosen.length < Math.min(wanted, count)) {
    const next = search.farthest();
    if (search.distanceSquared(next) === 0) break;
    search.choose(next);
    chosen.push(next);
    if (chosen.length % REPORT_EVERY === 0) await options.onProgress(chosen.length);
  }
  const radius = Math.sqrt(search.distanceSquared(search.farthest()));
  return { chosen: Int32Array.from(chosen), radius };
}

/** Squared distances of all points to the nearest chosen one, kept up to date. */
class FarthestPoints {
  readonly #points: Float32Array;
  readonly #size: number;
  readonly #distances: Float64Array;
  /** For each point the position in `#chosen` of its nearest; −1 before any was near. */
  readonly #nearest: Int32Array;
  readonly #chosen: number[] = [];

  constructor(points: Float32Array, size: number) {
    this.#points = points;
    this.#size = size;
    this.#distances = new Float64Array(points.length / size);
    this.#nearest = new Int32Array(points.length / size).fill(-1);
  }

  /** The first distances: the mean to the starting points, which are not chosen by that. */
  begin(starts: Int32Array): void {
    for (let i = 0; i < this.#distances.length; i++) {
      let sum = 0;
      for (const start of starts)
        sum += Math.sqrt(this.#between(i, start, Number.POSITIVE_INFINITY));
      this.#distances[i] = (sum / starts.length) ** 2;
    }
  }

  distanceSquared(point: number): number {
    return this.#distances[point]!;
  }

  farthest(): number {
    const distances = this.#distances;
    let best = 0;
    for (let i = 1; i < distances.length; i++) if (distances[i]! > distances[best]!) best = i;
    return best;
  }

  /**
   * By the triangle inequality a new point can't be nearer than one's nearest when it is at least twice as far from
   * that as one is oneself: most points are passed over without a look at them, and nothing changes by it.
   */
  choose(point: number): void {
    const fromChosen = this.#chosen.map((earlier) =>
      this.#between(point, earlier, Number.POSITIVE_INFINITY),
    );
    const position = this.#chosen.push(point) - 1;
    const [distances, nearest] = [this.#distances, this.#nearest];
    for (let i = 0; i < distances.length; i++) {
      const current = distances[i]!;
      const own = nearest[i]!;
      if (own >= 0 && fromChosen[own]! >= 4 * current) continue;
      const distance = this.#between(i, point, current);
      if (distance >= current) continue;
      distances[i] = distance;
      nearest[i] = position;
    }
  }

  /** Squared distance of two points; something at or above `limit` once it is that far. */
  #between(a: number, b: number, limit: number): number {
    const points = this.#points;
    const [startA, startB] = [a * this.#size, b * this.#size];
    let sum = 0;
    for (let block = 0; block < this.#size && sum < limit; block += BLOCK) {
      const end = Math.min(block + BLOCK, this.#size);
      for (let i = block; i < end; i++) {
        const difference = points[startA + i]! - points[startB + i]!;
        sum += difference * difference;
      }
    }
    return sum;
  }
}
