/** @file Regions of a mask: 8-connected components. */
import { DomainError } from '@plumbline/contracts';

/** `labels` i32 `[H·W]`: 0 outside, 1…`count` inside a region. */
export interface Regions {
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Labels the 8-connected components of a mask (pixels that touch at a corner belong together), numbered in scan order.
 *
 * @param mask u8 `[H·W]`, row by row, non-zero = inside
 * @throws DomainError INVALID_INPUT if the mask has another size
 */
export function connectedRegions(mask: Uint8Array, height: number, width: number): Regions {
  if (mask.length !== height * width) {
    throw new DomainError(
      'INVALID_INPUT',
      `The mask has ${mask.length} pixels, not ${height} x ${width} = ${height * width}.`,
      { field: 'mask', fix: 'Give the height and width of the mask itself.' },
    );
  }
  const labels = new Int32Array(height * width);
  let pending: Int32Array | null = null; // most masks are empty
  let count = 0;
  for (let seed = 0; seed < labels.length; seed += 1) {
    if (mask[seed] === 0 || labels[seed] !== 0) continue;
    count += 1;
    pending ??= new Int32Array(height * width); // a pixel waits at most once
    let waiting = 1;
    pending[0] = seed;
    labels[seed] = count;
    while (waiting > 0) {
      waiting -= 1;
      const pixel = pending[waiting]!;
      const row = Math.floor(pixel / width);
      const column = pixel - row * width;
      const lastRow = Math.min(height - 1, row + 1);
      const lastColumn = Math.min(width - 1, column + 1);
      for (let y = Math.max(0, row - 1); y <= lastRow; y += 1) {
        for (let x = Math.max(0, column - 1); x <= lastColumn; x += 1) {
          const neighbor = y * width + x;
          if (mask[neighbor] === 0 || labels[neighbor] !== 0) continue;
          labels[neighbor] = count;
          pending[waiting] = neighbor;
          waiting += 1;
        }
      }
    }
  }
  return { labels, count };
}

/** Regions and their sizes. */
export interface MeasuredRegions extends Regions {
  /** f64 `[count + 1]`: pixels outside, then of each region. */
  readonly pixels: Float64Array;
}

/** `connectedRegions` with the pixels of each region counted. */
export function measureRegions(mask: Uint8Array, height: number, width: number): MeasuredRegions {
  const regions = connectedRegions(mask, height, width);
  const pixels = new Float64Array(regions.count + 1);
  for (let i = 0; i < regions.labels.length; i += 1) pixels[regions.labels[i]!]! += 1;
  return { ...regions, pixels };
}
