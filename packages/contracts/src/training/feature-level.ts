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

/** Side and channels of an embedding that joins levels on the finest grid. @param most Channels; all when null. */
export function embeddingOf(levels: readonly FeatureLevel[], most: number | null) {
  const total = levels.reduce((sum, { channels }) => sum + channels, 0);
  return {
    grid: Math.max(...levels.map(({ grid }) => grid)),
    size: Math.min(total, most ?? total),
  };
}
