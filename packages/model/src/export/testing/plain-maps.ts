/** @file What exported graphs make of maps, as plain loops: enlarging, smoothing, the image score. */
import { expect } from 'vitest';
import type { ImageScoreRule } from '../../methods/method.ts';
import { gaussianKernel } from '../gaussian-filter.ts';

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
) {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  let peak = 1e-12;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    largest = Number.isNaN(difference) ? Number.NaN : Math.max(largest, difference);
    peak = Math.max(peak, Math.abs(expected[i]!));
  }
  expect(largest / peak).toBeLessThan(tolerance);
}

/** Bilinear enlargement of one map, by PyTorch's two definitions. */
export function enlarge(
  map: ArrayLike<number>,
  side: number,
  size: number,
  align = true,
): number[] {
  const at = (row: number, column: number) =>
    map[Math.min(row, side - 1) * side + Math.min(column, side - 1)]!;
  const position = (i: number) =>
    align ? (i * (side - 1)) / (size - 1) : Math.max(0, ((i + 0.5) * side) / size - 0.5);
  return Array.from({ length: size ** 2 }, (_, i) => {
    const [y, x] = [position(Math.floor(i / size)), position(i % size)];
    const [y0, x0] = [Math.floor(y), Math.floor(x)];
    const top = at(y0, x0) * (1 - x + x0) + at(y0, x0 + 1) * (x - x0);
    const bottom = at(y0 + 1, x0) * (1 - x + x0) + at(y0 + 1, x0 + 1) * (x - x0);
    return top * (1 - y + y0) + bottom * (y - y0);
  });
}

/** SciPy's definition written out: every position reads its mirrored neighbors. */
export function smooth(
  map: readonly number[],
  size: number,
  sigma: number,
  end?: number,
): number[] {
  const kernel = gaussianKernel(sigma, end);
  const radius = (kernel.length - 1) / 2;
  const read = (position: number): number => {
    if (position < 0) return read(-1 - position);
    return position >= size ? read(2 * size - 1 - position) : position;
  };
  const along = (values: readonly number[], step: number, other: number) =>
    values.map((_, i) => {
      const position = Math.floor(i / step) % size;
      const start = Math.floor(i / other) * other + (step === 1 ? 0 : i % step);
      return kernel.reduce(
        (sum, weight, k) => sum + weight * values[start + read(position + k - radius) * step]!,
        0,
      );
    });
  return along(along(map, size, size ** 2), 1, size);
}

/** Of a map of 40 pixels a side. */
export function scoreOf(map: readonly number[], rule: ImageScoreRule): number {
  const meanOf = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  if (rule.kind === 'max') return Math.max(...map);
  if (rule.kind === 'topShare') {
    const sorted = [...map].sort((a, b) => b - a);
    return meanOf(sorted.slice(0, Math.max(1, Math.floor(rule.share * map.length))));
  }
  if (rule.kind === 'largest') {
    const places = Array.from({ length: 40 }, (_, i) => i).filter(
      (i) => i % rule.every === Math.floor(rule.every / 2),
    );
    const some = places.flatMap((row) => places.map((column) => map[40 * row + column] as number));
    return meanOf(some.sort((a, b) => b - a).slice(0, rule.count));
  }
  const starts = Array.from({ length: (40 - rule.side + 1) ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / (41 - rule.side)), i % (41 - rule.side)];
    return row * 40 + column;
  });
  const square = Array.from(
    { length: rule.side ** 2 },
    (_, i) => Math.floor(i / rule.side) * 40 + (i % rule.side),
  );
  return Math.max(...starts.map((start) => meanOf(square.map((i) => map[start + i] as number))));
}
