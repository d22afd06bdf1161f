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

/** What the cost of a method on such levels goes by. */
export function levelSizes(levels: readonly FeatureLevel[]): string {
  return levels.map(({ grid, channels }) => `${grid}-${channels}`).join('-');
}

/** Numbers that the levels have of an image. */
export function levelValues(levels: readonly FeatureLevel[]): number {
  return levels.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);
}
