/**
 * @file Made-up anomaly maps of which pixels of one image have much in common: the image's level, a smooth field, and how well
 * its defect is seen. Small, so that many sets can be drawn.
 */
import type { ScoredImage } from '@plumbline/eval';
import { standardNormal } from '../random.ts';
import type { TestSet } from './coverage.ts';

/** Cells of the smooth field along a side. */
const CELLS = 4;
/** Standard deviations of the parts of a normal pixel's score; the variances add up to 1. */
const LEVEL = 0.4;
const FIELD = 0.6;
const NOISE = Math.sqrt(1 - LEVEL ** 2 - FIELD ** 2);
/** Of the lift of a defect over defects. */
const LIFT_SPREAD = 0.8;
/** Radii of the discs, sides. */
const RADII = { smallest: 0.05, largest: 0.17 };

export interface PixelDetector {
  /** Of the maps, pixels. */
  readonly side: number;
  /** Mean of what anomalous pixels score more than normal ones. */
  readonly lift: number;
}

/** Normal images first. The score of an image is its highest pixel. */
export function* drawMaps(
  category: string,
  { side, lift }: PixelDetector,
  set: TestSet,
  random: () => number,
): Generator<ScoredImage> {
  const normal = standardNormal(random);
  for (let i = 0; i < set.normal + set.anomalous; i += 1) {
    const isAnomalous = i >= set.normal;
    const anomalyMap = smoothField(side, normal);
    for (let at = 0; at < anomalyMap.length; at += 1) anomalyMap[at]! += NOISE * normal();
    const mask = isAnomalous ? drawDefects(anomalyMap, { side, lift }, random, normal) : null;
    yield {
      path: `${category}/${i}.png`,
      category,
      label: isAnomalous ? 'anomalous' : 'normal',
      imageScore: anomalyMap.reduce((highest, score) => Math.max(highest, score)),
      anomalyMap,
      mask,
    };
  }
}

/** The image's level plus a field of independent nodes, bilinear in between and of the same variance on average. */
function smoothField(side: number, normal: () => number): Float32Array {
  const level = LEVEL * normal();
  const nodes = Float64Array.from({ length: (CELLS + 1) ** 2 }, normal);
  const field = new Float32Array(side * side);
  // Bilinear weights have a mean square of (2/3)² over a cell.
  const scale = FIELD * 1.5;
  for (let y = 0; y < side; y += 1) {
    const v = (y / side) * CELLS;
    const [row, down] = [Math.floor(v), v % 1];
    for (let x = 0; x < side; x += 1) {
      const u = (x / side) * CELLS;
      const [column, right] = [Math.floor(u), u % 1];
      const node = row * (CELLS + 1) + column;
      const upper = nodes[node]! * (1 - right) + nodes[node + 1]! * right;
      const below = node + CELLS + 1;
      const lower = nodes[below]! * (1 - right) + nodes[below + 1]! * right;
      field[y * side + x] = level + scale * (upper * (1 - down) + lower * down);
    }
  }
  return field;
}

/** One to three discs, each lifted by an amount of its own; returns the mask. */
function drawDefects(
  map: Float32Array,
  { side, lift }: PixelDetector,
  random: () => number,
  normal: () => number,
): Uint8Array {
  const mask = new Uint8Array(map.length);
  const discs = 1 + Math.floor(3 * random());
  const ofImage = Math.SQRT1_2 * LIFT_SPREAD * normal();
  for (let disc = 0; disc < discs; disc += 1) {
    const here = lift + ofImage + Math.SQRT1_2 * LIFT_SPREAD * normal();
    const [x, y] = [random() * side, random() * side];
    const radius = side * (RADII.smallest + random() * (RADII.largest - RADII.smallest));
    for (let at = 0; at < mask.length; at += 1) {
      if (mask[at] === 1 || Math.hypot((at % side) - x, Math.floor(at / side) - y) > radius)
        continue;
      mask[at] = 1;
      map[at]! += here;
    }
  }
  return mask;
}
