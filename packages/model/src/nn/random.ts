/** @file Seeded random numbers: the same seed gives the same bits on every machine. */

/** A stream of random numbers whose whole state is four 32-bit words, so that a checkpoint can hold it. */
export class RandomStream {
  readonly #state: Uint32Array;

  constructor(state: Uint32Array) {
    this.#state = state;
  }

  /** A stream from a seed and a purpose, so that two purposes never share numbers. */
  static from(seed: number, purpose: string): RandomStream {
    let hash = (seed ^ 0x9e3779b9) >>> 0;
    for (let i = 0; i < purpose.length; i++)
      hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193) >>> 0;
    const state = new Uint32Array(4);
    for (let i = 0; i < 4; i++) {
      // SplitMix32: spreads one word over the state.
      hash = (hash + 0x9e3779b9) >>> 0;
      let z = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      state[i] = (z ^ (z >>> 16)) >>> 0;
    }
    return new RandomStream(state);
  }

  get state(): Uint32Array {
    return this.#state.slice();
  }

  /** Uniform 32-bit word (xoshiro128**, Blackman and Vigna 2018). */
  nextWord(): number {
    const s = this.#state;
    const [s0, s1, s2, s3] = [s[0]!, s[1]!, s[2]!, s[3]!];
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t2 = s2 ^ s0;
    const t3 = s3 ^ s1;
    s[1] = s1 ^ t2;
    s[0] = s0 ^ t3;
    s[2] = t2 ^ (s1 << 9);
    s[3] = (t3 << 11) | (t3 >>> 21);
    return result;
  }

  /** Uniform in [0, 1) with 24 random bits. */
  nextUniform(): number {
    return (this.nextWord() >>> 8) / 0x1000000;
  }

  /** Uniform integer in [0, bound). */
  nextInteger(bound: number): number {
    return Math.floor(this.nextUniform() * bound);
  }

  /** Fills with uniform numbers in [0, 1). */
  fillUniform(out: Float32Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.nextUniform();
  }

  /** Fills with standard normal numbers (Box and Muller 1958), both of each pair used. */
  fillNormal(out: Float32Array): void {
    for (let i = 0; i < out.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.nextUniform()));
      const angle = 2 * Math.PI * this.nextUniform();
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
  }

  /** A random order of 0..count-1 (Fisher and Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.nextInteger(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}
