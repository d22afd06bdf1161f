/**
 * @file AUPIMO: area under the per-image overlap curve (J. P. C. Bertoldo, D. Ameln, A. Vaidya, S. Akçay, "AUPIMO:
 * Redefining Visual Anomaly Detection Benchmarks with High Speed and Low Tolerance", BMVC 2024).
 *
 * The false positive rate z is that of the normal images alone, averaged over them; all have the same size, so it is
 * the share of their N pixels at or above a threshold. The recall of each anomalous image is integrated over log z from
 * 10⁻⁵ to 10⁻⁴ and divided by the length of that interval. Exact: every normal score is a threshold, and the recall at
 * z is that of the lowest threshold whose rate is at most z. A pixel with k normal pixels at or above its score is then
 * found from z = k / N on, so that its share of the interval is
 *
 *     g(k) = log(upper / max(lower, k / N)) / log(upper / lower), not below 0
 *
 * and the AUPIMO of an image is the mean of g over its anomalous pixels.
 */
import { bitsOf, orderedBits } from '../curves/float-order.ts';
import { sortScores } from '../curves/radix-sort.ts';

/** False positive rates between which AUPIMO integrates (section 4 of the paper). */
export const AUPIMO_BOUNDS = { lower: 1e-5, upper: 1e-4 } as const;

/** Whether so many normal pixels can show a rate of 10⁻⁴: one of them is a rate of 1 / N, so with fewer than 10,000 none does. */
export function canMeasurePimo(total: number): boolean {
  return total * AUPIMO_BOUNDS.upper >= 1;
}

/** Whether so many normal pixels can show a rate of 10⁻⁵, too: all that AUPIMO integrates over. */
export function resolvesPimo(total: number): boolean {
  return total * AUPIMO_BOUNDS.lower >= 1;
}

/** Share of the log interval of rates at which a pixel is found that `above` of `total` normal pixels reach. */
export function pimoShare(above: number, total: number): number {
  const { lower, upper } = AUPIMO_BOUNDS;
  const rate = Math.max(lower, above / total);
  return rate >= upper ? 0 : Math.log(upper / rate) / Math.log(upper / lower);
}

/**
 * Mean AUPIMO over the anomalous images whose mask marks a pixel.
 *
 * @param maps  f32 `[H·W]` each, finite
 * @param masks u8 `[H·W]` each, non-zero = anomalous; null = a normal image
 * @returns in [0, 1], or null without an anomalous pixel, or with fewer than 10,000 pixels of normal images
 */
export function aupimo(
  maps: readonly Float32Array[],
  masks: readonly (Uint8Array | null)[],
): number | null {
  const normal = maps.filter((_, index) => !masks[index]);
  const total = normal.reduce((sum, map) => sum + map.length, 0);
  if (!canMeasurePimo(total)) return null;
  const wanted = Math.min(total, Math.floor(total * AUPIMO_BOUNDS.upper) + 1);
  const highest = highestScores(normal, wanted); // ascending
  const shares = Float64Array.from({ length: wanted + 1 }, (_, above) => pimoShare(above, total));
  const lowest = highest[0]!;
  let sum = 0;
  let images = 0;
  maps.forEach((map, index) => {
    const mask = masks[index];
    if (!mask) return;
    let pixels = 0;
    let found = 0;
    for (let i = 0; i < mask.length; i += 1) {
      if (mask[i] === 0) continue;
      pixels += 1;
      // At or below the lowest of them, a pixel is reached by more than `upper` of the normal ones.
      if (map[i]! > lowest) found += shares[wanted - firstAtLeast(highest, map[i]!)]!;
    }
    if (pixels === 0) return;
    sum += found / pixels;
    images += 1;
  });
  return images === 0 ? null : sum / images;
}

/** Index of the first of the ascending scores that is at least `score`. */
function firstAtLeast(ascending: Float32Array, score: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

const COARSE_BINS = 1 << 16;

/** The `count` highest of all scores, ascending, by a coarse histogram of their bit patterns and one sort of what is left. */
function highestScores(maps: readonly Float32Array[], count: number): Float32Array {
  const counts = new Uint32Array(COARSE_BINS);
  for (const map of maps) {
    const bits = bitsOf(map);
    for (let i = 0; i < bits.length; i += 1) counts[coarseKey(bits[i]!)]! += 1;
  }
  let bin = COARSE_BINS;
  let kept = 0;
  while (kept < count) {
    bin -= 1;
    kept += counts[bin]!;
  }
  const candidates = new Float32Array(kept);
  let filled = 0;
  for (const map of maps) {
    const bits = bitsOf(map);
    for (let i = 0; i < bits.length; i += 1) {
      if (coarseKey(bits[i]!) >= bin) candidates[filled++] = map[i]!;
    }
  }
  return sortScores(candidates, null).scores.subarray(kept - count);
}

/** The upper half of the bits, in the order of the floats, from 0. */
function coarseKey(bits: number): number {
  return (orderedBits(bits) >> 16) + COARSE_BINS / 2;
}
