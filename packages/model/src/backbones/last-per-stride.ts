/** @file Which of a network's values are worth tapping: of each stride the last one before the next downsampling. */
import type { FeatureTap } from './backbone.ts';

/**
 * One value a stride, finest first. What comes after the first value of a coarser stride (the way up of a decoder) is
 * left out. An inverted bottleneck widens its channels before the strided convolution: there the last sum of a
 * residual connection, which is narrower, is taken instead.
 * @param taps In the order in which they are computed.
 * @param sums Names of values that are sums.
 */
export function lastPerStride<T extends FeatureTap>(
  taps: readonly T[],
  sums: ReadonlySet<string>,
): T[] {
  const strides = [...new Set(taps.map((tap) => tap.stride))].sort((a, b) => a - b);
  return strides.flatMap((stride) => {
    const start = taps.findIndex((tap) => tap.stride === stride);
    const length = taps.slice(start).findIndex((tap) => tap.stride > stride);
    const stage = taps
      .slice(start, length < 0 ? undefined : start + length)
      .filter((tap) => tap.stride === stride);
    const last = stage.at(-1);
    const sum = stage.findLast((tap) => sums.has(tap.name));
    const chosen =
      sum !== undefined && last !== undefined && sum.channels < last.channels ? sum : last;
    return chosen ?? [];
  });
}
