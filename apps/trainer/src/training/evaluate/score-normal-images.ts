/**
 * @file Scores of normal training images: of those that had no part in the fit that scores them, what thresholds rest on, and
 * of others, so that it shows if one is not normal.
 */
import {
  type GraphSession,
  type IgnoreMasks,
  ignoreFeed,
  ignoreNumbers,
  type Preprocessing,
  type Sample,
  type TensorMap,
  tileCount,
} from '@plumbline/contracts';
import { buildMapGraph, type FittedMethod } from '@plumbline/model';
import { maximum } from '../export/plain-maps.ts';
import { byShape } from '../features/image-batches.ts';
import type { BlobReader } from '../features/read-image.ts';
import type { TrainingSplit } from '../fit/hold-out.ts';
import type { NormalScore } from './fit-thresholds.ts';
import {
  type ImageScore,
  type ImageScorer,
  type ScoredSample,
  scoreImages,
  scoresOf,
} from './score-images.ts';

type Progress = (done: number, total: number) => Promise<void>;

export interface ScoreNormalOptions {
  /** The exported fit. */
  readonly scorer: ImageScorer;
  readonly images: readonly Sample[];
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
  readonly onProgress: Progress;
}

export async function scoreNormalImages(options: ScoreNormalOptions): Promise<NormalScore[]> {
  const { images, onProgress, ...source } = options;
  const scores = new Map<Sample, NormalScore>();
  for await (const scored of scoreImages({ ...source, samples: byShape(images) })) {
    scores.set(scored.sample, normalScore(scored.sample, scored));
    await onProgress(scores.size, images.length);
  }
  return images.map((sample) => scores.get(sample) as NormalScore);
}

export interface ScoreFoldsOptions {
  readonly preprocessing: Preprocessing;
  readonly split: TrainingSplit;
  readonly fitted: FittedMethod;
  /** As the exported graph's. */
  readonly ignore: IgnoreMasks | null;
  load(graph: Uint8Array): Promise<GraphSession>;
  /** Images whose maps are made at once. */
  readonly batchSize: number;
}

/** Image scores of the patch scores that the method gave each image by a fit without it; not of an image that it could give none. */
export async function scoreFolds(
  options: ScoreFoldsOptions & { readonly onProgress: Progress },
): Promise<NormalScore[]> {
  const scored = foldImages(options);
  const scores: NormalScore[] = [];
  for await (const { sample, ...score } of foldMaps(options, scored)) {
    scores.push(normalScore(sample, score));
    if (scores.length % options.batchSize === 0 || scores.length === scored.length)
      await options.onProgress(scores.length, scored.length);
  }
  return scores;
}

/** Indices, in `split.fit`, of those that have patch scores by a fit without them. */
export function foldImages({
  split,
  fitted,
  preprocessing,
}: Pick<ScoreFoldsOptions, 'split' | 'fitted' | 'preprocessing'>): number[] {
  const tiles = tileCount(preprocessing);
  return [...split.fit.keys()].filter(
    (image) => split.folds?.of[image] !== -1 && isScored(fitted, image, tiles),
  );
}

/** Maps and image scores of their patch scores by fits without them. @param images Of `foldImages`. */
export async function* foldMaps(
  options: ScoreFoldsOptions,
  images: readonly number[],
): AsyncGenerator<ScoredSample> {
  const { preprocessing, split, fitted, ignore, batchSize } = options;
  const tiles = tileCount(preprocessing);
  const session = await options.load(buildMapGraph({ ...preprocessing, map: fitted.map, ignore }));
  try {
    for (let start = 0; start < images.length; start += batchSize) {
      const batch = images.slice(start, start + batchSize);
      const samples = batch.map((image) => split.fit[image] as Sample);
      const numbers = ignoreNumbers(ignore, samples);
      const result = await session.run({
        ...patchScoresOf(fitted, batch, tiles),
        ...(numbers === undefined ? {} : ignoreFeed(numbers)),
      });
      for (const [slot, score] of scoresOf(result, batch.length).entries())
        yield { sample: samples[slot] as Sample, ...score };
    }
  } finally {
    await session.release();
  }
}

function normalScore(
  { path, category, image }: Sample,
  { imageScore, anomalyMap }: Pick<ImageScore, 'imageScore' | 'anomalyMap'>,
): NormalScore {
  const { sha256 } = image;
  return { path, category, sha256, imageScore, mapMaximum: maximum(anomalyMap) };
}

function isScored({ foldScores = [], map }: FittedMethod, image: number, tiles: number): boolean {
  return foldScores.every((own, level) => {
    const size = tiles * (map.grids[level] as number) ** 2;
    return !own.subarray(image * size, (image + 1) * size).some(Number.isNaN);
  });
}

/** f32 `[images·T, side²]` of each level. */
function patchScoresOf(
  { foldScores, map }: FittedMethod,
  images: readonly number[],
  tiles: number,
): TensorMap {
  if (foldScores === undefined) throw new Error('The method was fitted without folds');
  return Object.fromEntries(
    map.grids.map((side, level) => {
      const patches = side ** 2;
      const own = foldScores[level] as Float32Array;
      const size = tiles * patches;
      const data = new Float32Array(images.length * size);
      for (const [slot, image] of images.entries())
        data.set(own.subarray(image * size, (image + 1) * size), slot * size);
      return [
        `scores${level}`,
        { dtype: 'float32', shape: [images.length * tiles, patches], data },
      ];
    }),
  );
}
