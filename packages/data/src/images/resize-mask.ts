/**
 * @file Ground-truth masks at the size of the anomaly maps: nearest neighbor, but no region is lost. A 5 × 5 defect of a
 * 2048 × 2048 image falls between the sampled pixels of 256 × 256 in more than half of all places; a model that finds it
 * would be counted as wrong.
 */
import type { Mask } from './mask.ts';

export interface ResizedMask {
  /** 0 or 1, height × width. */
  readonly data: Uint8Array;
  /** Regions (8-connected) that nearest neighbor alone would have lost. */
  readonly keptRegions: number;
}

/** Samples at pixel centers; a region that no sample hits marks every pixel that it touches. */
export function resizeMask(mask: Mask, width: number, height: number): ResizedMask {
  const data = new Uint8Array(width * height);
  const columns = sampled(width, mask.width);
  const rows = sampled(height, mask.height);
  for (let y = 0; y < height; y++) {
    const row = rows.at[y]! * mask.width;
    for (let x = 0; x < width; x++) data[y * width + x] = mask.data[row + columns.at[x]!]!;
  }
  let keptRegions = 0;
  const keep = (pixel: number) => {
    const x = Math.floor(((pixel % mask.width) * width) / mask.width);
    const y = Math.floor((Math.floor(pixel / mask.width) * height) / mask.height);
    data[y * width + x] = 1;
  };
  // Where every pixel is sampled, nothing can be lost.
  if (columns.all && rows.all) return { data, keptRegions };
  for (const region of regionsOf(mask)) {
    const isHit = region.some(
      (pixel) =>
        columns.hit[pixel % mask.width] === 1 && rows.hit[Math.floor(pixel / mask.width)] === 1,
    );
    if (isHit) continue;
    keptRegions += 1;
    region.forEach(keep);
  }
  return { data, keptRegions };
}

/** Which source position each position takes, and whether a source position is taken. */
function sampled(size: number, sourceSize: number) {
  const at = Int32Array.from({ length: size }, (_, index) =>
    Math.min(sourceSize - 1, Math.floor(((index + 0.5) * sourceSize) / size)),
  );
  const hit = new Uint8Array(sourceSize);
  for (const position of at) hit[position] = 1;
  return { at, hit, all: hit.every((one) => one === 1) };
}

/** Pixels of each 8-connected region. */
function* regionsOf({ data, width, height }: Mask): Generator<Int32Array> {
  const isLeft = Uint8Array.from(data);
  let pending: Int32Array | null = null; // most masks of a split are empty
  for (let seed = 0; seed < isLeft.length; seed++) {
    if (isLeft[seed] === 0) continue;
    pending ??= new Int32Array(isLeft.length); // a pixel waits at most once
    let found = 1;
    pending[0] = seed;
    isLeft[seed] = 0;
    for (let next = 0; next < found; next++) {
      const pixel = pending[next]!;
      const y = Math.floor(pixel / width);
      const x = pixel - y * width;
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const neighbor = v * width + u;
          if (isLeft[neighbor] === 0) continue;
          isLeft[neighbor] = 0;
          pending[found++] = neighbor;
        }
      }
    }
    yield pending.subarray(0, found);
  }
}
