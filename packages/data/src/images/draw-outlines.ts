/** @file Masks drawn from outlines: polygons and run lengths of annotations. */
import { eachPolygonSpan, type Outline, rowsCrossed } from '@plumbline/contracts';
import type { Mask } from './mask.ts';

interface Outlines {
  readonly width: number;
  readonly height: number;
  readonly polygons: readonly Outline[];
  /** Counts of 0 and 1 in turn, down the columns. */
  readonly runs: readonly { readonly counts: readonly number[] }[];
}

/**
 * 1 where the center of a pixel lies inside one of the polygons (by the even-odd rule) or in a run of ones.
 * What lies outside of the image is cut off.
 */
export function drawOutlines({ width, height, polygons, runs }: Outlines): Mask {
  const data = new Uint8Array(width * height);
  for (const polygon of polygons)
    eachPolygonSpan(polygon, { width, height }, (row, from, to) => {
      data.fill(1, row * width + from, row * width + to);
    });
  for (const { counts } of runs) fillRuns(data, width, height, counts);
  return { width, height, data };
}

/** How often edges cross the middle of a row, over all polygons: what drawing them takes. */
export function crossedRows(polygons: readonly Outline[], height: number): number {
  let sum = 0;
  for (const polygon of polygons)
    for (const [index, [, y0]] of polygon.entries()) {
      const [first, end] = rowsCrossed(y0, polygon[(index + 1) % polygon.length]![1], height);
      sum += Math.max(0, end - first);
    }
  return sum;
}

function fillRuns(
  data: Uint8Array,
  width: number,
  height: number,
  counts: readonly number[],
): void {
  let at = 0;
  for (const [index, count] of counts.entries()) {
    const end = Math.min(at + count, width * height);
    if (index % 2 === 1)
      for (let i = at; i < end; i++) data[(i % height) * width + Math.floor(i / height)] = 1;
    at = end;
  }
}
