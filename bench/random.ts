/** @file Random numbers that are the same on every machine, for what benchmarks measure on. */

/** Marsaglia's xorshift32, in (0, 1). */
export function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}
