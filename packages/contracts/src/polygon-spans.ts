/** @file Which pixels lie in a polygon: the same for masks of annotations and for those that are drawn in the dashboard. */

/** Pixels, x to the right and y down; the last point joins the first. */
export type Outline = readonly (readonly [x: number, y: number])[];

interface Raster {
  readonly width: number;
  readonly height: number;
}

/**
 * Calls `mark` with the pixels of each row whose center lies inside the polygon (by the even-odd rule), from the first to the
 * one after the last. What lies outside of the raster is cut off.
 */
export function eachPolygonSpan(
  polygon: Outline,
  { width, height }: Raster,
  mark: (row: number, from: number, to: number) => void,
): void {
  for (const [row, crossings] of crossingsOf(polygon, height)) {
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      // Centers from the first at or right of one crossing to the last left of the next.
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5));
      if (to > from) mark(row, from, to);
    }
  }
}

/** From the first row whose middle an edge crosses to the one after the last. */
export function rowsCrossed(
  y0: number,
  y1: number,
  height: number,
): readonly [first: number, end: number] {
  return [
    Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5)),
    Math.min(height, Math.ceil(Math.max(y0, y1) - 0.5)),
  ];
}

/** Where the edges cross the middle of each row; a corner on it counts for the edge below it alone. */
function crossingsOf(polygon: Outline, height: number): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const [index, [x0, y0]] of polygon.entries()) {
    const [x1, y1] = polygon[(index + 1) % polygon.length]!;
    const [first, end] = rowsCrossed(y0, y1, height);
    for (let row = first; row < end; row++) {
      const x = x0 + ((row + 0.5 - y0) / (y1 - y0)) * (x1 - x0);
      const crossings = rows.get(row);
      if (crossings === undefined) rows.set(row, [x]);
      else crossings.push(x);
    }
  }
  return rows;
}
