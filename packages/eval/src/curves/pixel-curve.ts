/** @file The ranked curve of the pixels of many images, with region overlap. */
import { DomainError } from '@plumbline/contracts';
import { countedPixels } from '../metrics/counted-pixels.ts';
import { sortScores } from './radix-sort.ts';
import { curveFromSides, type RankedCurve } from './ranked-curve.ts';

/** Height and width of maps and masks, pixels. */
export interface MapSize {
  readonly height: number;
  readonly width: number;
}

/** Throws INVALID_INPUT naming the sample unless `map` is `height · width` finite numbers. */
export function assertMap(map: Float32Array, size: MapSize, name: string): void {
  assertLength('anomaly map', map.length, size, name);
  for (let i = 0; i < map.length; i += 1) {
    const score = map[i]!;
    if (Number.isFinite(score)) continue;
    const row = Math.floor(i / size.width);
    const where = `row ${row}, column ${i - row * size.width}`;
    throw new DomainError(
      'INVALID_INPUT',
      `The anomaly map of ${name} holds ${score} at ${where}, not a finite number.`,
      {
        file: name,
        field: 'anomalyMap',
        fix: 'Check the model for overflow; a lower learning rate often helps.',
      },
    );
  }
}

/** Throws INVALID_INPUT naming the sample unless `mask` has `height · width` pixels. */
export function assertMask(mask: Uint8Array, size: MapSize, name: string): void {
  assertLength('ground-truth mask', mask.length, size, name);
}

function assertLength(what: string, length: number, size: MapSize, name: string): void {
  const { height, width } = size;
  if (length === height * width) return;
  throw new DomainError(
    'INVALID_INPUT',
    `The ${what} of ${name} has ${length} pixels, not ${height} x ${width} = ${height * width}.`,
    { file: name, fix: 'Resize anomaly maps and masks to the evaluation size first.' },
  );
}

/**
 * Ranks all pixels of all images together. Regions are counted over all masks, so a region weighs the same in any image
 * and at any size.
 *
 * @param maps  f32 `[H·W]` each, finite
 * @param masks u8 `[H·W]` each, non-zero = anomalous; null = a normal image
 * @param ignored u8 `[H·W]` each, non-zero = not counted; null = all are. None are when absent
 * @throws DomainError INVALID_INPUT naming the map by its index
 */
export function pixelCurve(
  maps: readonly Float32Array[],
  masks: readonly (Uint8Array | null)[],
  size: MapSize,
  ignored: readonly (Uint8Array | null)[] = [],
): RankedCurve {
  if (maps.length !== masks.length) {
    throw new DomainError(
      'INVALID_INPUT',
      `There are ${maps.length} anomaly maps for ${masks.length} masks.`,
      { field: 'masks', fix: 'Give one mask for each map, all zero for a normal image.' },
    );
  }
  const counts = countSides(maps, masks, size, ignored);
  const positives = new Float32Array(counts.positives);
  const regions = new Int32Array(counts.positives);
  const negatives = new Float32Array(counts.negatives);
  const pixelsOfRegion: number[] = [];
  let p = 0;
  let n = 0;
  maps.forEach((whole, index) => {
    const [mask, ignore] = [masks[index] ?? null, ignored[index] ?? null];
    const { map, regions: found } = countedPixels({ map: whole, mask, ignored: ignore }, size);
    if (found === null || found.count === 0) {
      negatives.set(map, n);
      n += map.length;
      return;
    }
    const first = pixelsOfRegion.length;
    for (let region = 0; region < found.count; region += 1) pixelsOfRegion.push(0);
    for (let i = 0; i < map.length; i += 1) {
      const label = found.labels[i]!;
      if (label === 0) {
        negatives[n++] = map[i]!;
        continue;
      }
      const region = first + label - 1;
      pixelsOfRegion[region]! += 1;
      positives[p] = map[i]!;
      regions[p] = region;
      p += 1;
    }
  });
  const weights = Float64Array.from(
    pixelsOfRegion,
    (pixels) => 1 / (pixels * pixelsOfRegion.length),
  );
  const sorted = sortScores(positives, regions);
  return curveFromSides({
    positives: sorted.scores,
    negatives: sortScores(negatives, null).scores,
    regions: sorted.payload,
    weights,
  });
}

/** Checks maps and masks on the way. */
function countSides(
  maps: readonly Float32Array[],
  masks: readonly (Uint8Array | null)[],
  size: MapSize,
  ignored: readonly (Uint8Array | null)[],
): { readonly positives: number; readonly negatives: number } {
  let positives = 0;
  let kept = 0;
  maps.forEach((map, index) => {
    assertMap(map, size, `map ${index}`);
    const [mask, ignore] = [masks[index], ignored[index]];
    if (mask) assertMask(mask, size, `map ${index}`);
    if (ignore) assertMask(ignore, size, `map ${index}`);
    for (let i = 0; i < map.length; i += 1) {
      if (ignore && ignore[i] !== 0) continue;
      kept += 1;
      if (mask && mask[i] !== 0) positives += 1;
    }
  });
  return { positives, negatives: kept - positives };
}
