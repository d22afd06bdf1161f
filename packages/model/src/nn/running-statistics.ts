/** @file The running statistics of a network's batch normalizations, as buffers by the name of what is normalized. C channels. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { type BatchStatistics, batchNormTraining, nextStatistics } from './batch-norm.ts';
import type { ParameterSpec } from './parameters.ts';
import type { Weights } from './weights.ts';

type Named = Readonly<Record<string, Tensor>>;

/** `NAME.mean` and `NAME.variance`, f32 `[C]`. */
export function statisticsSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    { name: `${name}.mean`, shape: [channels], initializer: { kind: 'zeros' } },
    { name: `${name}.variance`, shape: [channels], initializer: { kind: 'ones' } },
  ];
}

export function statisticsOf(buffers: Named, name: string): BatchStatistics {
  return {
    mean: buffers[`${name}.mean`] as Tensor,
    variance: buffers[`${name}.variance`] as Tensor,
  };
}

/** Normalizes with the statistics of each batch, and collects the running ones after it. */
export class BatchNormalizations {
  readonly #buffers: Named;
  /** The buffers after the batch. */
  readonly next: Record<string, Tensor> = {};

  constructor(buffers: Named) {
    this.#buffers = buffers;
  }

  /** @param layer With `weight` and `bias`, f32 `[C]`. @param x f32 `[…, C]`. */
  normalize(name: string, layer: Weights, x: Tensor): Tensor {
    const { mean, variance } = nextStatistics(statisticsOf(this.#buffers, name), x);
    this.next[`${name}.mean`] = mean;
    this.next[`${name}.variance`] = variance;
    return batchNormTraining(layer, x);
  }
}
