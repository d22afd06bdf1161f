/** @file The line around what lies above the threshold: bright with a dark halo, so that it is seen on any picture. */

export const LINE = { level: 255 } as const;
export const HALO = { level: 0, opacity: 0.75 } as const;

/** How much of a pixel is covered, 0 to 1. */
export interface LineCover {
  line: number;
  halo: number;
}
export const NO_LINE: Readonly<LineCover> = { line: 0, halo: 0 };

interface AnomalyMap {
  /** height × width. */
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

export class Contour {
  readonly #map: AnomalyMap;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #threshold: number;
  /** From the contour to the edge of the line and of its halo, pixels. */
  readonly #lineWidth: number;
  readonly #haloWidth: number;
  readonly #steepest: number;
  readonly #cover: LineCover = { line: 0, halo: 0 };

  /** @param size Of the picture that the map is stretched over, pixels. */
  constructor(map: AnomalyMap, size: { width: number; height: number }, threshold: number) {
    this.#map = map;
    this.#size = size;
    this.#threshold = threshold;
    // Shown smaller than it is, the line must still be seen.
    this.#lineWidth = Math.max(0.6, Math.max(size.width, size.height) / 440);
    this.#haloWidth = 2.4 * this.#lineWidth;
    this.#steepest = steepestSlope(map, size);
  }

  /**
   * Of the pixel at that place, whose map value is `value`. The distance to the contour is how far the value is from the
   * threshold by how fast it changes there; a look beyond tells whether the map does cross it.
   * @returns Valid until the next call.
   */
  cover(x: number, y: number, value: number): Readonly<LineCover> {
    const reach = this.#haloWidth + 0.5;
    const apart = this.#threshold - value;
    if (!(Math.abs(apart) < reach * this.#steepest)) return NO_LINE;
    const slopeX = this.#valueAt(x + 0.5, y) - this.#valueAt(x - 0.5, y) || 0;
    const slopeY = this.#valueAt(x, y + 0.5) - this.#valueAt(x, y - 0.5) || 0;
    const slope = Math.hypot(slopeX, slopeY);
    const distance = Math.abs(apart) / slope;
    if (!(distance < reach)) return NO_LINE;
    const beyond = (1.5 * distance + 0.5) * (apart < 0 ? -1 : 1);
    const there = this.#valueAt(x + (beyond * slopeX) / slope, y + (beyond * slopeY) / slope);
    if (there >= this.#threshold === value >= this.#threshold) return NO_LINE;
    this.#cover.line = coverOf(distance, this.#lineWidth);
    this.#cover.halo = HALO.opacity * coverOf(distance, this.#haloWidth);
    return this.#cover;
  }

  /** Bilinear with half-pixel centers; beyond the picture as at its edge. */
  #valueAt(x: number, y: number): number {
    const { values, height, width } = this.#map;
    const column = clamp(((x + 0.5) * width) / this.#size.width - 0.5, width - 1);
    const row = clamp(((y + 0.5) * height) / this.#size.height - 0.5, height - 1);
    const left = Math.floor(column);
    const right = Math.min(width - 1, left + 1);
    const above = Math.floor(row) * width;
    const below = Math.min(height - 1, Math.floor(row) + 1) * width;
    const fx = column - left;
    const fy = row - Math.floor(row);
    const top = values[above + left]! * (1 - fx) + values[above + right]! * fx;
    const bottom = values[below + left]! * (1 - fx) + values[below + right]! * fx;
    return top * (1 - fy) + bottom * fy;
  }
}

/** Largest change of the map's value from one pixel of the picture to the next, in any direction. */
function steepestSlope(
  { values, height, width }: AnomalyMap,
  size: { width: number; height: number },
): number {
  let alongX = 0;
  let alongY = 0;
  for (let at = 0; at < values.length; at++) {
    if ((at + 1) % width !== 0)
      alongX = Math.max(alongX, Math.abs(values[at + 1]! - values[at]!) || 0);
    if (at + width < values.length)
      alongY = Math.max(alongY, Math.abs(values[at + width]! - values[at]!) || 0);
  }
  return Math.hypot((alongX * width) / size.width, (alongY * height) / size.height);
}

function coverOf(distance: number, halfWidth: number): number {
  return Math.min(1, Math.max(0, halfWidth + 0.5 - distance));
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
