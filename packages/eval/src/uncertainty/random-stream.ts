/** @file Seeded random numbers: the same on every machine, one independent stream per name. */

/** sfc32 (C. Doty-Humphrey, PractRand), seeded by a seed and a name, so that no stream depends on the order of draws of another. */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    // FNV-1a over the name, started from the seed; three differently mixed words of it are the state.
    let hash = (0x811c_9dc5 ^ seed) >>> 0;
    for (let i = 0; i < name.length; i += 1)
      hash = Math.imul(hash ^ name.charCodeAt(i), 0x0100_0193);
    this.#a = mix(hash);
    this.#b = mix(hash + 0x9e37_79b9);
    this.#c = mix(seed ^ 0x85eb_ca6b);
    for (let warmUp = 0; warmUp < 12; warmUp += 1) this.#next();
  }

  /** A whole number in [0, limit), limit up to 2^32. */
  below(limit: number): number {
    return Math.floor((this.#next() / 2 ** 32) * limit);
  }

  #next(): number {
    const word = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + word) | 0;
    return word >>> 0;
  }
}

/** The finalizer of MurmurHash3 (A. Appleby, public domain). */
function mix(value: number): number {
  let word = value | 0;
  word = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2_ae35);
  return word ^ (word >>> 16);
}
