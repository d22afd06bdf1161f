/** @file Masks drawn from outlines: polygons and run lengths of annotations. */
import type { Mask } from './mask.ts';

/** Pixels, x to the right and y down; the last point joins the first. */
type Outline = readonly (readonly [x: number, y: number])[];

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
  for (const polygon of polygons) fillPolygon(data, width, height, polygon);
  for (const { counts } of runs) fillRuns(data, width, height, counts);
  return { width, height, data };
}

/** How often edges cross the middle of a row, over all polygons: what drawing them takes. */
export function crossedRows(polygons: readonly Outline[], height: number): number {
  let sum = 0;
  for (const polygon of polygons)
    for (const [index, [, y0]] of polygon.entries()) {
      const [first, end] = rowsOf(y0, polygon[(index + 1) % polygon.length]![1], height);
      sum += Math.max(0, end - first);
    }
  return sum;
}

/** From the first row whose middle an edge crosses to the one after the last. */
function rowsOf(y0: number, y1: number, height: number): readonly [first: number, end: number] {
  return [
    Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5)),
    Math.min(height, Math.ceil(Math.max(y0, y1) - 0.5)),
  ];
}

function fillPolygon(data: Uint8Array, width: number, height: number, polygon: Outline): void {
  for (const [row, crossings] of crossingsOf(polygon, height)) {
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      // Centers from the first at or right of one crossing to the last left of the next.
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5));
      if (to > from) data.fill(1, row * width + from, row * width + to);
    }
  }
}

/** Where the edges cross the middle of each row; a corner on it counts for the edge below it alone. */
function crossingsOf(polygon: Outline, height: number): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const [index, [x0, y0]] of polygon.entries()) {
    const [x1, y1] = polygon[(index + 1) % polygon.length]!;
    const [first, end] = rowsOf(y0, y1, height);
    for (let row = first; row < end; row++) {
      const x = x0 + ((row + 0.5 - y0) / (y1 - y0)) * (x1 - x0);
      const crossings = rows.get(row);
      if (crossings === undefined) rows.set(row, [x]);
      else crossings.push(x);
    }
  }
  return rows;
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
