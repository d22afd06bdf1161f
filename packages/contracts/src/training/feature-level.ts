/** @file What a method gets of the backbone: its taps at an image size. */

/** One tap of the backbone at the run's image size. */
export interface FeatureLevel {
  readonly tap: string;
  /** Side of the token grid. */
  readonly grid: number;
  readonly channels: number;
}

/** Side and channels of an embedding that joins levels on the finest grid. @param most Channels; all when null. */
export function embeddingOf(levels: readonly FeatureLevel[], most: number | null) {
  const total = levels.reduce((sum, { channels }) => sum + channels, 0);
  return {
    grid: Math.max(...levels.map(({ grid }) => grid)),
    size: Math.min(total, most ?? total),
  };
}
