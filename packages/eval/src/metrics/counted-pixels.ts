/**
 * @file The pixels of a map that pixel metrics count: all but those that the dataset version ignores. What is left keeps the
 * order of rows, and no place: regions are found before.
 */
import type { MapSize } from '@plumbline/contracts';
import { type MeasuredRegions, measureRegions } from './connected-regions.ts';

export interface KnownMap {
  /** f32 `[H·W]`. */
  readonly map: Float32Array;
  /** u8 `[H·W]`, non-zero = anomalous; null = a normal image. */
  readonly mask: Uint8Array | null;
  /** u8 `[H·W]`, non-zero = not counted; null = all are. */
  readonly ignored: Uint8Array | null;
}

/** P counted pixels. */
export interface CountedPixels {
  /** f32 `[P]`. */
  readonly map: Float32Array;
  /** Labels i32 `[P]`; null = a normal image. */
  readonly regions: MeasuredRegions | null;
}

/** Whether an image has pixels to count: a mask that marks only what is ignored says nothing of the rest. */
export function isCounted({ mask, ignored }: Omit<KnownMap, 'map'>): boolean {
  if (mask === null || ignored === null) return true;
  let marked = false;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    if (ignored[i] === 0) return true;
    marked = true;
  }
  return !marked;
}

/** The counted pixels of an image. Regions that are ignored wholly are none; one that a strip divides stays one. */
export function countedPixels(known: KnownMap, { height, width }: MapSize): CountedPixels {
  const { mask, ignored } = known;
  const regions = mask === null ? null : measureRegions(mask, height, width);
  const map = keptOf(known.map, ignored);
  if (ignored === null || regions === null) return { map, regions };
  const labels = keptOf(regions.labels, ignored);
  const numbers = new Int32Array(regions.count + 1);
  let count = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i]!;
    if (label === 0) continue;
    if (numbers[label] === 0) numbers[label] = ++count;
    labels[i] = numbers[label]!;
  }
  const pixels = new Float64Array(count + 1);
  for (let i = 0; i < labels.length; i += 1) pixels[labels[i]!]! += 1;
  return { map, regions: { labels, count, pixels } };
}

/** The values of counted pixels; the array itself where all are. */
export function keptOf<A extends Float32Array | Int32Array | Uint8Array>(
  values: A,
  ignored: Uint8Array | null,
): A {
  return ignored === null ? values : (values.filter((_, i) => ignored[i] === 0) as A);
}
