/** @file What a backbone is to those that compute features with it: an ONNX graph from pixels to feature taps. */

import type { Calibration } from '@plumbline/contracts';

export { gridSide } from '@plumbline/contracts';

export interface FeatureTap {
  /** Name of the output in `Backbone.model`. */
  readonly name: string;
  readonly channels: number;
  /** Input pixels a feature vector, along each side. */
  readonly stride: number;
}

export interface Backbone {
  readonly name: string;
  /** Of the file that holds the weights; does not tell which taps were chosen. */
  readonly sha256: string;
  /** Of one in int8; absent in float32. */
  readonly calibration?: Calibration;
  /** Of one whose weights are stored as float16. */
  readonly precision?: 'float16';
  /** ONNX: input `input` `[N, 3, H, W]` f32 normalized RGB; one output f32 `[N, C, h, w]` a tap, of the tap's name. */
  readonly model: Uint8Array;
  /** In the order asked for. */
  readonly featureTaps: readonly FeatureTap[];
}

/** Strides of the taps where nobody says. */
export const DEFAULT_STRIDES: readonly number[] = [8, 16];

/** Side of the images where nobody says. */
export const DEFAULT_IMAGE_SIZE_PX = 256;
