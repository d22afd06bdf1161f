/**
 * @file How far scores by stored factors are from those by exact ones, on a few training images: thresholds come from the
 * exact ones, the model scores by the stored. Where channels of unlike scale go together, what is left of a sum of large
 * terms is small, and the rounding of float16 is not. P positions, D channels.
 */
import type { PadimEmbedding } from './forward.ts';
import type { Groups } from './route.ts';

const IMAGES_OF_A_GROUP = 3;
/** Of an image's highest patch score. */
const MOST_ERROR = 0.01;

/** Training images as they are embedded. */
export class Probes {
  readonly #size: number;
  readonly #positions: number;
  /** f32 `[P, D]` of each image, and the images of each group. */
  readonly #embedded: ReadonlyMap<number, Float32Array>;
  readonly #ofGroup: readonly (readonly Float32Array[])[];

  constructor({ names, of }: Groups, { grid, size }: Pick<PadimEmbedding, 'grid' | 'size'>) {
    this.#size = size;
    this.#positions = grid ** 2;
    const embedded = new Map<number, Float32Array>();
    this.#ofGroup = [...names.keys()].map((group) => {
      if (names.length === 1) return [];
      const members = [...of.keys()].filter((image) => of[image] === group);
      const count = Math.min(members.length, IMAGES_OF_A_GROUP);
      return Array.from({ length: count }, (_, i) => {
        const values = new Float32Array(this.#positions * size);
        embedded.set(members[Math.floor((i * members.length) / count)] as number, values);
        return values;
      });
    });
    this.#embedded = embedded;
  }

  add(at: { readonly image: number; readonly position: number }, x: Float64Array): void {
    this.#embedded.get(at.image)?.set(x, at.position * this.#size);
  }

  /** f32 `[D]` of each image of a group. */
  at(group: number, position: number): Float32Array[] {
    const start = position * this.#size;
    return (this.#ofGroup[group] ?? []).map((x) => x.subarray(start, start + this.#size));
  }
}

/** Bytes of them. @param numbers P·D. */
export function probeBytes(numbers: number, groups: number): number {
  return 4 * IMAGES_OF_A_GROUP * groups * numbers;
}

/** The largest differences of patch scores, and the highest of them, of each image of each group. */
export class FactorError {
  readonly #probes: Probes;
  readonly #images = new Map<string, { difference: number; highest: number }>();

  constructor(probes: Probes) {
    this.#probes = probes;
  }

  /** @param exact L⁻¹, f64 `[D, D]`. @param stored The same as it is stored. */
  add(
    at: { readonly group: number; readonly position: number },
    mean: Float64Array,
    { exact, stored }: { readonly exact: Float64Array; readonly stored: Float64Array },
  ): void {
    for (const [slot, x] of this.#probes.at(at.group, at.position).entries()) {
      const centered = mean.map((value, d) => x[d]! - value);
      const score = whitenedLength(exact, centered);
      const key = `${at.group}/${slot}`;
      const image = this.#images.get(key) ?? { difference: 0, highest: 0 };
      const difference = Math.abs(whitenedLength(stored, centered) - score);
      this.#images.set(key, {
        difference: Math.max(image.difference, difference),
        highest: Math.max(image.highest, score),
      });
    }
  }

  /** Whether an answer would be further from the thresholds' scale than they are exact. */
  get isTooLarge(): boolean {
    return [...this.#images.values()].some(
      ({ difference, highest }) => !(difference <= MOST_ERROR * highest),
    );
  }
}

/** ‖L⁻¹·z‖. @param factor f64 `[D, D]`, lower triangle. */
function whitenedLength(factor: Float64Array, z: Float64Array): number {
  let squared = 0;
  for (let row = 0; row < z.length; row++) {
    let sum = 0;
    for (let column = 0; column <= row; column++)
      sum += factor[row * z.length + column]! * z[column]!;
    squared += sum * sum;
  }
  return Math.sqrt(squared);
}
