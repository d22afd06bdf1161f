/**
 * @file Noise as diffusion adds it (Ho et al. 2020), and an image rebuilt in one step with the guide of a noisier one (Zhang et al.
 * 2023, section 3.2). N images, S pixels a side. Of the two times of an image the first has less noise.
 */
import type { Denoiser } from '@plumbline/contracts';
import {
  add,
  cast,
  clipByValue,
  div,
  gather,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor4D,
  tensor,
} from '@tensorflow/tfjs-core';
import type { Weights } from '../../nn/weights.ts';
import { predictedNoise } from './denoiser.ts';

/** As released: variances that grow linearly over so many steps. */
const STEPS = 1000;
const FIRST_VARIANCE = 1e-4;
const LAST_VARIANCE = 0.02;

/** In training the less noisy time is below this, the other one not. */
export const LESS_NOISE_BELOW = 300;
export const MOST_NOISE_BELOW = STEPS;
/** When an image is scored. */
export const SCORED_TIMES = [200, 400] as const;

/** √ᾱ and √(1 − ᾱ) of every time. */
export function noiseSchedule() {
  const signal = new Float32Array(STEPS);
  const noise = new Float32Array(STEPS);
  let left = 1;
  for (let step = 0; step < STEPS; step++) {
    left *= 1 - (FIRST_VARIANCE + (step * (LAST_VARIANCE - FIRST_VARIANCE)) / (STEPS - 1));
    signal[step] = Math.sqrt(left);
    noise[step] = Math.sqrt(1 - left);
  }
  return { signal, noise };
}

export interface NoisedImages {
  /** f32 `[N, S, S, 3]`, colors 0 to 1. */
  readonly images: Tensor4D;
  /** f32 `[N, 2, S, S, 3]`, or `[1, 2, S, S, 3]` where all images have the same. */
  readonly noise: Tensor;
  /** Whole numbers, f32 `[N, 2]`; `[1, 2]` where all images have the same. */
  readonly times: Tensor;
}

export interface Denoised {
  /** f32 `[N, S, S, 3]`, −1 to 1. */
  readonly rebuilt: Tensor4D;
  /** The noise as predicted, f32 `[N, 2, S, S, 3]`. */
  readonly predicted: Tensor;
}

export function denoised(
  network: Denoiser,
  weights: Weights,
  { images, noise, times }: NoisedImages,
): Denoised {
  const [count, side] = images.shape;
  const at = cast(times, 'int32');
  const schedule = noiseSchedule();
  const levels = (table: Float32Array) =>
    reshape(gather(tensor(table), at), [times.shape[0] ?? 1, 2, 1, 1, 1]);
  const [signal, spread] = [levels(schedule.signal), levels(schedule.noise)];
  const clear = reshape(images, [count, 1, side, side, 3]);
  const noisy = add(mul(signal, clear), mul(spread, noise)); // [N, 2, S, S, 3]
  const stacked = reshape(noisy, [2 * count, side, side, 3]) as Tensor4D;
  const predicted = reshape(predictedNoise(network, weights, stacked, times), noisy.shape);
  const of = (x: Tensor, time: number) => slice(x, [0, time, 0, 0, 0], [-1, 1, -1, -1, -1]); // [N, 1, S, S, 3]
  /** The image that this noise was added to. */
  const cleared = (time: number, itsNoise: Tensor) => {
    const left = sub(of(noisy, time), mul(of(spread, time), itsNoise));
    return clipByValue(div(left, of(signal, time)), -1, 1);
  };
  const guide = add(
    mul(of(signal, 0), cleared(1, of(predicted, 1))),
    mul(of(spread, 0), of(predicted, 0)),
  );
  const guided = sub(of(predicted, 0), mul(of(spread, 0), sub(guide, of(noisy, 0))));
  return { rebuilt: reshape(cleared(0, guided), images.shape), predicted };
}
