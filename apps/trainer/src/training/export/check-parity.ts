/**
 * @file Checks the exported graph against the trained method: features and patch scores are computed apart, one image
 * at a time, then enlarged and smoothed by plain code, independent of the graph's own nodes.
 */
import {
  DomainError,
  type GraphSession,
  imageFeed,
  type MapSize,
  mapSize,
  type ParityReport,
  type Preprocessing,
  type Sample,
  type TensorMap,
  tileCount,
  tileGrid,
} from '@plumbline/contracts';
import type { RgbImage } from '@plumbline/data';
import { type ImageScoreRule, type MapRule, SMOOTHING_SIGMA } from '@plumbline/model';
import type { ImageBatch } from '../features/image-batches.ts';
import { type BlobReader, readImage } from '../features/read-image.ts';
import { spread } from '../spread.ts';
import { imagesOfDifferentShapes, imagesOfOneShape, shaded } from './parity-images.ts';

const TOLERANCE = 1e-4;
const IMAGES = 20;
const BATCH_SIZE = 8;
/** Each image costs as much as all its tiles, and most is checked with the first ones. */
const TILED = { images: 6, batchSize: 2 };
/** `[height, width]` of the batches, in turn: upright, square and wide. */
const BATCH_SHAPES: readonly (readonly [number, number])[] = [
  [160, 96],
  [128, 128],
  [72, 200],
];

export interface CheckParityOptions {
  /** The exported graph. */
  readonly exported: GraphSession;
  /** Image to what the method reads: tokens, and pixels where it reads them. */
  readonly features: GraphSession;
  /** That to patch scores: the trained method as it was fitted. */
  readonly scores: GraphSession;
  readonly map: MapRule;
  readonly preprocessing: Pick<Preprocessing, 'imageSizePx' | 'tiles'>;
  /** Normal images, of which some are used, evenly spread. */
  readonly samples: readonly Sample[];
  /** How many, at most; default 20, and never more than 6 with tiles. */
  readonly images?: number;
  /** Whether the method was fitted to them. */
  readonly fittedTo: boolean;
  readonly blobs: BlobReader;
}

/**
 * Compares images of different shapes one at a time, and as many in batches of 8, or of all where they are fewer; with
 * tiles fewer of both.
 * @throws DomainError INTERNAL when they differ by more than the tolerance.
 */
export async function checkParity(options: CheckParityOptions): Promise<ParityReport> {
  const isTiled = options.preprocessing.tiles !== undefined;
  const { images: most = IMAGES } = options;
  const count = isTiled ? Math.min(TILED.images, most) : most;
  const size = Math.min(isTiled ? TILED.batchSize : BATCH_SIZE, count);
  const real: RgbImage[] = [];
  for (const sample of spread(options.samples, count)) {
    const image = await readImage(options.blobs, sample);
    real.push(options.fittedTo ? shaded(image) : image);
  }
  const sources = Array.from({ length: count }, (_, i) => real[i % real.length] as RgbImage);
  const single = imagesOfDifferentShapes(sources);
  const batches = [
    ...single.map((image): ImageBatch => [image]),
    ...batchesOfOneShape(sources, size),
  ];
  const errors = { map: 0, score: 0 };
  for (const batch of batches) await compareBatch(options, batch, errors);
  // Written so that NaN fails too.
  if (!(errors.map <= TOLERANCE && errors.score <= TOLERANCE)) {
    throw new DomainError(
      'INTERNAL',
      `The exported model differs from the trained one by ${Math.max(errors.map, errors.score).toExponential(1)}.`,
      {
        fix: 'This is a bug in the exporter; the model was not published. Please report it.',
      },
    );
  }
  const shapes = new Set(batches.flat().map(({ height, width }) => `${height},${width}`));
  return {
    images: count,
    batchSizes: [1, size],
    imageShapes: [...shapes].map((shape) => shape.split(',').map(Number) as [number, number]),
    imageScoreRelative: errors.score,
    anomalyMapRelative: errors.map,
    tolerance: TOLERANCE,
  };
}

/** Every image at least once; the last batch is filled up with the first ones. */
function batchesOfOneShape(images: readonly RgbImage[], size: number): ImageBatch[] {
  return Array.from({ length: Math.ceil(images.length / size) }, (_, batch) => {
    const members = Array.from(
      { length: size },
      (_, slot) => images[(batch * size + slot) % images.length] as RgbImage,
    );
    const [height, width] = BATCH_SHAPES[batch % BATCH_SHAPES.length] as readonly [number, number];
    return imagesOfOneShape(members, height, width) as ImageBatch;
  });
}

/** Widens the errors, largest |exported − trained| / max|trained| of an image, by those of a batch. */
async function compareBatch(
  options: CheckParityOptions,
  batch: ImageBatch,
  errors: { map: number; score: number },
): Promise<void> {
  const actual = await options.exported.run(imageFeed(batch));
  const maps = actual['anomaly_map']?.data as Float32Array;
  const scores = actual['image_score']?.data as Float32Array;
  const size = mapSize(options.preprocessing);
  const pixels = size.height * size.width;
  for (const [index, image] of batch.entries()) {
    const expected = await expectedMap(options, image);
    const sigma = options.map.sigma ?? SMOOTHING_SIGMA;
    const smooth = sigma === 0 ? expected : gaussianSmooth(expected, size, sigma);
    const score = imageScoreOf(smooth, size, options.map.imageScore ?? { kind: 'max' });
    const map = options.map.smoothed ? smooth : expected;
    const own = maps.subarray(index * pixels, (index + 1) * pixels);
    errors.score = Math.max(errors.score, Math.abs(scores[index]! - score) / Math.abs(score));
    errors.map = Math.max(errors.map, largestDifference(own, map) / maximum(map));
  }
}

async function expectedMap(options: CheckParityOptions, image: RgbImage): Promise<Float64Array> {
  const given = await options.features.run(imageFeed([image]));
  const scores = await options.scores.run(given);
  const tiles = Array.from({ length: tileCount(options.preprocessing) }, (_, tile) =>
    combinedMap(options, scores, tile),
  );
  return blendTiles(tiles, options.preprocessing);
}

function combinedMap(
  { map, preprocessing: { imageSizePx } }: CheckParityOptions,
  scores: TensorMap,
  tile: number,
): Float64Array {
  const { grids, alignCorners, combine = 'mean' } = map;
  const combined = new Float64Array(imageSizePx ** 2).fill(combine === 'product' ? 1 : 0);
  for (const [level, grid] of grids.entries()) {
    const all = scores[`scores${level}`]?.data as Float32Array;
    const values = all.subarray(tile * grid ** 2, (tile + 1) * grid ** 2);
    const enlarged = upsampleBilinear(values, grid, imageSizePx, alignCorners);
    for (let i = 0; i < combined.length; i++) {
      if (combine === 'product') combined[i]! *= enlarged[i]!;
      else combined[i]! += enlarged[i]! / (combine === 'mean' ? grids.length : 1);
    }
  }
  return combined;
}

/** Mean of the tiles that see a pixel, each weighted by how far the pixel is from where the tile ends at a neighbor. */
export function blendTiles(
  maps: readonly Float64Array[],
  preprocessing: CheckParityOptions['preprocessing'],
): Float64Array {
  const [first] = maps;
  if (maps.length === 1 && first !== undefined) return first;
  const side = preprocessing.imageSizePx;
  const { rows, columns, overlapPx } = tileGrid(preprocessing);
  const { height, width } = mapSize(preprocessing);
  const sums = new Float64Array(height * width);
  const totals = new Float64Array(height * width);
  const weight = (place: number, count: number, at: number) => {
    const start = place === 0 ? overlapPx : at + 0.5;
    const end = place === count - 1 ? overlapPx : side - at - 0.5;
    return overlapPx === 0 ? 1 : Math.min(start, end, overlapPx);
  };
  for (const [tile, map] of maps.entries()) {
    const [row, column] = [Math.floor(tile / columns), tile % columns];
    for (const [i, value] of map.entries()) {
      const [y, x] = [Math.floor(i / side), i % side];
      const at = (row * (side - overlapPx) + y) * width + column * (side - overlapPx) + x;
      const own = weight(row, rows, y) * weight(column, columns, x);
      sums[at]! += own * value;
      totals[at]! += own;
    }
  }
  return sums.map((sum, at) => sum / totals[at]!);
}

/** Bilinear `[grid, grid]` → `[size, size]`, corners or pixel edges aligned. */
export function upsampleBilinear(
  values: ArrayLike<number>,
  grid: number,
  size: number,
  alignCorners: boolean,
): Float64Array {
  const out = new Float64Array(size * size);
  const positions = Array.from({ length: size }, (_, i) => {
    const position = alignCorners
      ? (i * (grid - 1)) / Math.max(1, size - 1)
      : Math.min(grid - 1, Math.max(0, ((i + 0.5) * grid) / size - 0.5));
    const low = Math.max(0, Math.min(Math.floor(position), grid - 2));
    return { low, high: Math.min(low + 1, grid - 1), share: position - low };
  });
  let at = 0;
  for (const y of positions) {
    const [low, high] = [y.low * grid, y.high * grid];
    for (const x of positions) {
      const above = (1 - x.share) * values[low + x.low]! + x.share * values[low + x.high]!;
      const below = (1 - x.share) * values[high + x.low]! + x.share * values[high + x.high]!;
      out[at++] = (1 - y.share) * above + y.share * below;
    }
  }
  return out;
}

/** As scipy.ndimage.gaussian_filter: separable, truncated at 4σ, border mirrored with the edge repeated. */
export function gaussianSmooth(
  map: Float64Array,
  { height, width }: MapSize,
  sigma: number,
): Float64Array {
  const radius = Math.trunc(4 * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const pass = (source: Float64Array, isDown: boolean): Float64Array => {
    const [lines, size, step, stride] = isDown
      ? [width, height, width, 1]
      : [height, width, 1, width];
    const out = new Float64Array(source.length);
    const padded = Array.from({ length: size + 2 * radius }, (_, i) => mirror(i - radius, size));
    const values = new Float64Array(padded.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < values.length; i++)
        values[i] = source[line * stride + padded[i]! * step]!;
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * values[i + k]!;
        out[line * stride + i * step] = sum / total;
      }
    }
    return out;
  };
  return pass(pass(map, true), false);
}

/** …c b a | a b c … z | z y x… */
function mirror(index: number, size: number): number {
  const period = 2 * size;
  const wrapped = ((index % period) + period) % period;
  return wrapped < size ? wrapped : period - 1 - wrapped;
}

/** One number of a smoothed map, as the rule says. */
export function imageScoreOf(
  map: Float64Array,
  { height, width }: MapSize,
  rule: ImageScoreRule,
): number {
  if (rule.kind === 'max') return maximum(map);
  if (rule.kind === 'topShare') {
    const count = Math.max(1, Math.floor(rule.share * map.length));
    const largest = map.slice().sort().subarray(-count);
    return largest.reduce((sum, value) => sum + value, 0) / count;
  }
  const { side } = rule;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row + side <= height; row++) {
    for (let column = 0; column + side <= width; column++) {
      let sum = 0;
      for (let i = 0; i < side ** 2; i++)
        sum += map[(row + Math.floor(i / side)) * width + column + (i % side)]!;
      largest = Math.max(largest, sum / side ** 2);
    }
  }
  return largest;
}

function maximum(values: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  return largest;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
