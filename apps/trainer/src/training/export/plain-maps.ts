/** @file Anomaly maps by plain code, independent of a graph's nodes: enlarged, smoothed, and scored. */
import type { MapSize } from '@plumbline/contracts';
import type { ImageScoreRule } from '@plumbline/model';

/** Bilinear `[grid, grid]` → `[size, size]`, corners or pixel edges aligned. */
export function upsampleBilinear(
  values: ArrayLike<number>,
  grid: number,
  size: number,
  alignCorners: boolean,
): Float64Array {
  const out = new Float64Array(size * size);
  const positions = Array.from({ length: size }, (_, i) => {
    const position = alignCorners
      ? (i * (grid - 1)) / Math.max(1, size - 1)
      : Math.min(grid - 1, Math.max(0, ((i + 0.5) * grid) / size - 0.5));
    const low = Math.max(0, Math.min(Math.floor(position), grid - 2));
    return { low, high: Math.min(low + 1, grid - 1), share: position - low };
  });
  let at = 0;
  for (const y of positions) {
    const [low, high] = [y.low * grid, y.high * grid];
    for (const x of positions) {
      const above = (1 - x.share) * values[low + x.low]! + x.share * values[low + x.high]!;
      const below = (1 - x.share) * values[high + x.low]! + x.share * values[high + x.high]!;
      out[at++] = (1 - y.share) * above + y.share * below;
    }
  }
  return out;
}

/**
 * As scipy.ndimage.gaussian_filter: separable, border mirrored with the edge repeated.
 * @param radius Where the kernel ends; default at 4σ.
 */
export function gaussianSmooth(
  map: Float64Array,
  { height, width }: MapSize,
  sigma: number,
  radius = Math.trunc(4 * sigma + 0.5),
): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const pass = (source: Float64Array, isDown: boolean): Float64Array => {
    const [lines, size, step, stride] = isDown
      ? [width, height, width, 1]
      : [height, width, 1, width];
    const out = new Float64Array(source.length);
    const padded = Array.from({ length: size + 2 * radius }, (_, i) => mirror(i - radius, size));
    const values = new Float64Array(padded.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < values.length; i++)
        values[i] = source[line * stride + padded[i]! * step]!;
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * values[i + k]!;
        out[line * stride + i * step] = sum / total;
      }
    }
    return out;
  };
  return pass(pass(map, true), false);
}

/** …c b a | a b c … z | z y x… */
function mirror(index: number, size: number): number {
  const period = 2 * size;
  const wrapped = ((index % period) + period) % period;
  return wrapped < size ? wrapped : period - 1 - wrapped;
}

/** A map smoothed over what is not ignored alone. */
export function meanOfKept(
  map: Float64Array,
  ignored: Uint8Array | null,
  soften: (values: Float64Array) => Float64Array,
): Float64Array {
  if (ignored === null) return soften(map);
  const kept = Float64Array.from(ignored, (pixel) => 1 - pixel);
  const weights = soften(kept);
  return soften(map.map((value, i) => value * kept[i]!)).map((sum, i) => sum / weights[i]!);
}

/** The smallest value that counts wherever a map is ignored. */
export function withoutIgnored(map: Float64Array, ignored: Uint8Array | null): Float64Array {
  if (ignored === null) return map;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, value] of map.entries()) if (ignored[i] === 0) least = Math.min(least, value);
  return map.map((value, i) => (ignored[i] === 0 ? value : least));
}

/** One number of a smoothed map, as the rule says. */
export function imageScoreOf(
  map: Float64Array,
  { height, width }: MapSize,
  rule: ImageScoreRule,
): number {
  if (rule.kind === 'max') return maximum(map);
  if (rule.kind === 'topShare')
    return meanOfLargest(map.slice(), Math.max(1, Math.floor(rule.share * map.length)));
  if (rule.kind === 'largest') {
    const start = Math.floor(rule.every / 2);
    const isAmong = (place: number) => place >= start && (place - start) % rule.every === 0;
    const some = map.filter((_, i) => isAmong(Math.floor(i / width)) && isAmong(i % width));
    return meanOfLargest(some, rule.count);
  }
  const { side } = rule;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row + side <= height; row++) {
    for (let column = 0; column + side <= width; column++) {
      let sum = 0;
      for (let i = 0; i < side ** 2; i++)
        sum += map[(row + Math.floor(i / side)) * width + column + (i % side)]!;
      largest = Math.max(largest, sum / side ** 2);
    }
  }
  return largest;
}

/** @param values Sorted by it. */
function meanOfLargest(values: Float64Array, count: number): number {
  const largest = values.sort().subarray(-count);
  return largest.reduce((sum, value) => sum + value, 0) / count;
}

export function maximum(values: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  return largest;
}
