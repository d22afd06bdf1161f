/** @file Scores of normal training images that had no part in the fit that scores them: what thresholds rest on. */
import type { GraphSession, Sample, TensorMap } from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import { buildMapGraph, type FittedMethod, type MapOptions } from '@plumbline/model';
import type { TrainingSplit } from '../fit/hold-out.ts';
import type { NormalScore } from './fit-thresholds.ts';
import { scoreImage } from './score-images.ts';

/** @param session The exported graph, of a fit that never saw these images. */
export async function scoreHeldOut(
  session: GraphSession,
  blobs: BlobStore,
  heldOut: readonly Sample[],
): Promise<NormalScore[]> {
  const scores: NormalScore[] = [];
  for (const sample of heldOut) {
    const { imageScore, anomalyMap } = await scoreImage(session, blobs, sample);
    const { path, category } = sample;
    scores.push({ path, category, imageScore, mapMaximum: maximum(anomalyMap) });
  }
  return scores;
}

export interface ScoreFoldsOptions extends Omit<MapOptions, 'map'> {
  readonly split: TrainingSplit;
  readonly fitted: FittedMethod;
  load(graph: Uint8Array): Promise<GraphSession>;
}

/** Maps and image scores of the patch scores that the method gave each image by a fit without it. */
export async function scoreFolds(options: ScoreFoldsOptions): Promise<NormalScore[]> {
  const { split, fitted } = options;
  const session = await options.load(buildMapGraph({ ...options, map: fitted.map }));
  try {
    const scores: NormalScore[] = [];
    for (const [image, sample] of split.fit.entries()) {
      if (split.folds?.of[image] === -1) continue;
      const result = await session.run(patchScoresOf(fitted, image));
      scores.push({
        path: sample.path,
        category: sample.category,
        imageScore: Number(result['image_score']?.data[0]),
        mapMaximum: maximum(result['anomaly_map']?.data as Float32Array),
      });
    }
    return scores;
  } finally {
    await session.release();
  }
}

function patchScoresOf({ foldScores, map }: FittedMethod, image: number): TensorMap {
  if (foldScores === undefined) throw new Error('The method was fitted without folds');
  return Object.fromEntries(
    map.grids.map((side, level) => {
      const patches = side ** 2;
      const data = (foldScores[level] as Float32Array).slice(
        image * patches,
        (image + 1) * patches,
      );
      return [`scores${level}`, { dtype: 'float32' as const, shape: [1, patches], data }];
    }),
  );
}

function maximum(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
}
