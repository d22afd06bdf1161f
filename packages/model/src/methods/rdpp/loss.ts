/** @file What RD++ adds to RD4AD's loss, so that projections take noise away. N images, C channels. */
import {
  add,
  mean,
  mul,
  relu,
  reshape,
  sub,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../../nn/layers.ts';

/** Of the two terms, as released. */
const REBUILDING = 0.01;
const CONTRAST = 0.1;
/** Their sum and that of the transport term, which is left out: it is 0 (README). */
const TOTAL = 1 + REBUILDING + CONTRAST;
const MARGIN = 0.5;

export interface ProjectedFeatures {
  /** Of images with noise, f32 `[N, side, side, C]`; as `ofClean` of images without. */
  readonly ofNoisy: readonly Tensor4D[];
  readonly ofClean: readonly Tensor4D[];
}

/** @param noisy What the backbone gives of images with noise. @returns Scalar. */
export function projectionLoss(
  noisy: readonly Tensor4D[],
  { ofNoisy, ofClean }: ProjectedFeatures,
): Tensor {
  const terms = ofClean.map((clean, level) =>
    add(
      mul(REBUILDING / TOTAL, rebuildingLoss(ofNoisy[level] as Tensor4D, clean)),
      mul(CONTRAST / TOTAL, contrastLoss(noisy[level] as Tensor4D, clean)),
    ),
  );
  return terms.reduce((total, term) => add(total, term));
}

/** 1 − cos of each position's vectors, its mean. */
function rebuildingLoss(ofNoisy: Tensor4D, ofClean: Tensor4D): Tensor {
  return mean(sub(1, cosineSimilarity(ofNoisy, ofClean)));
}

/** What noise gives is to be unlike the projection of the clean image: max(0, cos − 0.5) of whole maps, its mean. */
export function contrastLoss(noisy: Tensor4D, ofClean: Tensor4D): Tensor {
  const vectors = (x: Tensor4D) => reshape(x, [x.shape[0], x.size / x.shape[0]]);
  return mean(relu(sub(cosineSimilarity(vectors(noisy), vectors(ofClean)), MARGIN)));
}
