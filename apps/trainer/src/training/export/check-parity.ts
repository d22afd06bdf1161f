/**
 * @file Checks the exported graph against the trained method: features and patch scores are computed apart, one image
 * at a time, then enlarged and smoothed by plain code, independent of the graph's own nodes.
 */
import {
  DomainError,
  type GraphSession,
  imageFeed,
  mapSize,
  type ParityReport,
  type Preprocessing,
  type Sample,
  type TensorMap,
  tileCount,
  tileGrid,
} from '@plumbline/contracts';
import type { RgbImage } from '@plumbline/data';
import { type MapRule, SMOOTHING_SIGMA } from '@plumbline/model';
import type { ImageBatch } from '../features/image-batches.ts';
import { type BlobReader, readImage } from '../features/read-image.ts';
import { spread } from '../spread.ts';
import { movedFeatures } from './moved-features.ts';
import { imagesOfDifferentShapes, imagesOfOneShape, shaded } from './parity-images.ts';
import { gaussianSmooth, imageScoreOf, maximum, upsampleBilinear } from './plain-maps.ts';

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
  if (!isTolerable(errors)) {
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

/** Largest |exported − trained| / max|trained|, of maps and of scores. */
interface Difference {
  map: number;
  score: number;
}

/** Written so that NaN is none. */
function isTolerable({ map, score }: Difference): boolean {
  return map <= TOLERANCE && score <= TOLERANCE;
}

/** Widens the errors by those of a batch, whose images count as they are or moved within rounding. */
async function compareBatch(
  options: CheckParityOptions,
  batch: ImageBatch,
  errors: Difference,
): Promise<void> {
  const actual = await options.exported.run(imageFeed(batch));
  const maps = actual['anomaly_map']?.data as Float32Array;
  const scores = actual['image_score']?.data as Float32Array;
  const { height, width } = mapSize(options.preprocessing);
  const pixels = height * width;
  for (const [index, image] of batch.entries()) {
    const map = maps.subarray(index * pixels, (index + 1) * pixels);
    const exported = { map, score: scores[index]! };
    const given = await options.features.run(imageFeed([image]));
    let difference = await differenceFrom(options, given, exported);
    if (!isTolerable(difference)) {
      for (const moved of movedFeatures(given)) {
        const next = await differenceFrom(options, moved, exported);
        if (!isTolerable(next)) continue;
        difference = next;
        break;
      }
    }
    errors.score = Math.max(errors.score, difference.score);
    errors.map = Math.max(errors.map, difference.map);
  }
}

async function differenceFrom(
  options: CheckParityOptions,
  given: TensorMap,
  exported: { readonly map: Float32Array; readonly score: number },
): Promise<Difference> {
  const size = mapSize(options.preprocessing);
  const expected = await expectedMap(options, given);
  const sigma = options.map.sigma ?? SMOOTHING_SIGMA;
  const smooth = sigma === 0 ? expected : gaussianSmooth(expected, size, sigma, options.map.radius);
  const score = imageScoreOf(smooth, size, options.map.imageScore ?? { kind: 'max' });
  const map = options.map.smoothed ? smooth : expected;
  return {
    score: Math.abs(exported.score - score) / Math.abs(score),
    map: largestDifference(exported.map, map) / maximum(map),
  };
}

async function expectedMap(options: CheckParityOptions, given: TensorMap): Promise<Float64Array> {
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

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
