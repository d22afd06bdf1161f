/** @file The mean patch score of held-out normal images, which early stopping and the weights of levels look at. */
import { mean, type Tensor } from '@tensorflow/tfjs-core';
import { float32 } from '../../onnx/index.ts';
import { spreadBatches } from '../../training/batches.ts';
import type { HeldOutLossSpec } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { type Whitening, whitened } from '../whitening.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrParameters } from './parameters.ts';
import { RELEASED_SCORE, rlrScore, type ScoreWeights } from './score.ts';

export interface HeldOutOptions {
  readonly network: RlrNetworkConfig;
  readonly level: number;
  readonly images: FeatureSource;
  readonly batchSize: number;
  readonly whitening: Whitening | null;
  /** As released when left out. */
  readonly score?: ScoreWeights;
}

/** Over images and patches, without jitter. */
export function heldOutScores({
  network,
  level,
  images,
  batchSize,
  whitening,
  score = RELEASED_SCORE,
}: HeldOutOptions): HeldOutLossSpec {
  const size = Math.min(batchSize, images.count);
  const shape = [size, network.grid ** 2, network.channels];
  const tokens = new Float32Array(size * network.grid ** 2 * network.channels);
  return {
    name: 'rlr-held-out-loss',
    parameters: rlrParameters(network),
    inputs: { tokens: { shape } },
    loss: ({ parameters, inputs }) => {
      const clean = whitened(inputs['tokens'] as Tensor, whitening);
      return mean(rlrScore(parameters, clean, network, score));
    },
    batches: spreadBatches(images.count, size),
    feeds: (batch) => {
      images.read(level, batch, tokens);
      return { tokens: float32(shape, tokens) };
    },
  };
}
