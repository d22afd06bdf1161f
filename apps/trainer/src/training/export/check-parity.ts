/**
 * @file Checks the exported graph against the trained method: features and patch scores are computed apart, one image
 * at a time, then enlarged and smoothed by plain code, independent of the graph's own nodes.
 */
import {
  DomainError,
  type GraphSession,
  type IgnoreMasks,
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
import { isWithinRounding, movedFeatures, rowOf } from './moved-features.ts';
import { imagesOfDifferentShapes, imagesOfOneShape, shaded } from './parity-images.ts';
import {
  gaussianSmooth,
  imageScoreOf,
  maximum,
  meanOfKept,
  upsampleBilinear,
  withoutIgnored,
} from './plain-maps.ts';

const TOLERANCE = 1e-4;
/** Share of images at which rounding may decide between two results; where members of a batch get mixed up, it is all of them. */
const MOST_JUMPS = 0.25;
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
  /** Regions that the exported graph ignores when it is told to: none and those of each category, image by image in turn. */
  readonly ignore: IgnoreMasks | null;
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
 * @throws DomainError DEFECT when they differ by more than the tolerance.
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
  const errors: Errors = { ...{ map: 0, score: 0 }, ...{ images: 0, jumps: 0 } };
  for (const batch of batches) await compareBatch(options, batch, errors);
  if (!isTolerable(errors)) throw isNotTheSame(`by ${exponential(errors)}`);
  if (errors.jumps > MOST_JUMPS * errors.images)
    throw isNotTheSame(
      `for ${errors.jumps} of ${errors.images} images unless they are moved within rounding`,
    );
  const shapes = new Set(batches.flat().map(({ height, width }) => `${height},${width}`));
  return {
    images: count,
    batchSizes: [1, size],
    imageShapes: [...shapes].map((shape) => shape.split(',').map(Number) as [number, number]),
    imageScoreRelative: errors.score,
    anomalyMapRelative: errors.map,
    tolerance: TOLERANCE,
    ...(options.ignore === null ? {} : { ignored: options.ignore.categories.length }),
  };
}

const exponential = ({ map, score }: Difference) => Math.max(map, score).toExponential(1);

function isNotTheSame(how: string): DomainError {
  return new DomainError('DEFECT', `The exported model differs from the trained one ${how}.`, {
    fix: 'This is a bug in the exporter; the model was not published. Please report it.',
  });
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

/** Of all images so far; `jumps` of them were only equal within rounding. */
interface Errors extends Difference {
  images: number;
  jumps: number;
}

/** Written so that NaN is none. */
function isTolerable({ map, score }: Difference): boolean {
  return map <= TOLERANCE && score <= TOLERANCE;
}

/** Widens the errors by those of a batch, whose images count as they are alone, or within rounding. */
async function compareBatch(
  options: CheckParityOptions,
  batch: ImageBatch,
  errors: Errors,
): Promise<void> {
  const { ignore } = options;
  const turns = (ignore?.masks.length ?? 0) + 1;
  const numbers = batch.map((_, index) => (errors.images + index) % turns);
  const actual = await options.exported.run(
    imageFeed(batch, ignore === null ? undefined : numbers),
  );
  const maps = actual['anomaly_map']?.data as Float32Array;
  const scores = actual['image_score']?.data as Float32Array;
  const { height, width } = mapSize(options.preprocessing);
  const pixels = height * width;
  for (const [index, image] of batch.entries()) {
    const map = maps.subarray(index * pixels, (index + 1) * pixels);
    const ignored = ignore?.masks[(numbers[index] as number) - 1] ?? null;
    const exported = { map, score: scores[index]!, ignored };
    const given = await options.features.run(imageFeed([image]));
    let difference = differenceFrom(options, await options.scores.run(given), exported);
    if (!isTolerable(difference)) {
      const rounded = await withinRounding(options, { batch, index, given, exported });
      if (rounded !== null) {
        difference = rounded;
        errors.jumps++;
      }
    }
    errors.images++;
    errors.score = Math.max(errors.score, difference.score);
    errors.map = Math.max(errors.map, difference.map);
  }
}

interface Exported {
  readonly map: Float32Array;
  readonly score: number;
  /** In this image. */
  readonly ignored: Uint8Array | null;
}

interface Compared {
  readonly batch: ImageBatch;
  /** In the batch. */
  readonly index: number;
  /** Features of the image alone. */
  readonly given: TensorMap;
  readonly exported: Exported;
}

/** The difference from the trained method in the same batch, or with features that are moved; null if there is none that is tolerable. */
async function withinRounding(
  options: CheckParityOptions,
  { batch, index, given, exported }: Compared,
): Promise<Difference | null> {
  const together = await options.features.run(imageFeed(batch));
  if (isWithinRounding(given, rowOf(together, index, batch.length))) {
    const scores = rowOf(await options.scores.run(together), index, batch.length);
    const difference = differenceFrom(options, scores, exported);
    if (isTolerable(difference)) return difference;
  }
  for (const moved of movedFeatures(given)) {
    const difference = differenceFrom(options, await options.scores.run(moved), exported);
    if (isTolerable(difference)) return difference;
  }
  return null;
}

function differenceFrom(
  options: CheckParityOptions,
  scores: TensorMap,
  exported: Exported,
): Difference {
  const size = mapSize(options.preprocessing);
  const { ignored } = exported;
  const expected = expectedMap(options, scores);
  const sigma = options.map.sigma ?? SMOOTHING_SIGMA;
  const soften = (values: Float64Array) =>
    sigma === 0 ? values : gaussianSmooth(values, size, sigma, options.map.radius);
  const smooth = withoutIgnored(meanOfKept(expected, ignored, soften), ignored);
  const score = imageScoreOf(smooth, size, options.map.imageScore ?? { kind: 'max' });
  const map = options.map.smoothed ? smooth : withoutIgnored(expected, ignored);
  return {
    score: Math.abs(exported.score - score) / Math.abs(score),
    map: largestDifference(exported.map, map) / maximum(map),
  };
}

function expectedMap(options: CheckParityOptions, scores: TensorMap): Float64Array {
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
