/** @file What a method gets of the backbone: its taps at an image size. */

/** One tap of the backbone at the run's image size. */
export interface FeatureLevel {
  readonly tap: string;
  /** Side of the token grid. */
  readonly grid: number;
  readonly channels: number;
}

/** What a method asks of the features. */
export interface FeatureSettings {
  readonly imageSizePx: number;
  /** Whether features are 3×3 average-pooled before they become tokens. */
  readonly averagePool: boolean;
  /** Strides of the taps that are taken when none are named, finest first. */
  readonly strides: readonly number[];
  /** Whether fitting looks at the held-out normal images. */
  readonly heldOut?: boolean;
}
