/** @file A uniform sample of bounded size from a stream of patches of any length (Vitter 1985, algorithm R). */
import type { RandomStream } from '../../nn/random.ts';

export class Reservoir {
  readonly #random: RandomStream;
  readonly #capacity: number;
  readonly #size: number;
  /** f32 `[capacity, size]`. */
  readonly #rows: Float32Array;
  /** `[capacity]`. */
  readonly #sources: Int32Array;
  #seen = 0;

  /** @param size Numbers a patch. */
  constructor(capacity: number, size: number, random: RandomStream) {
    this.#random = random;
    this.#capacity = capacity;
    this.#size = size;
    this.#rows = new Float32Array(capacity * size);
    this.#sources = new Int32Array(capacity);
  }

  get seen(): number {
    return this.#seen;
  }

  get kept(): number {
    return Math.min(this.#seen, this.#capacity);
  }

  /** f32 `[kept, size]`. */
  get rows(): Float32Array {
    return this.#rows.subarray(0, this.kept * this.#size);
  }

  /** `[kept]`: what each patch was offered with. */
  get sources(): Int32Array {
    return this.#sources.subarray(0, this.kept);
  }

  /** Offers the patch that begins at `start`, from the image `source`; after n offers each has been kept with probability capacity / n. */
  offer(patches: Float32Array, start: number, source: number): void {
    const seen = this.#seen++;
    // All 32 bits: a stream may be longer than 2²⁴.
    const slot =
      seen < this.#capacity
        ? seen
        : Math.floor((this.#random.nextWord() / 0x1_0000_0000) * (seen + 1));
    if (slot >= this.#capacity) return;
    this.#rows.set(patches.subarray(start, start + this.#size), slot * this.#size);
    this.#sources[slot] = source;
  }
}
