/** @file Sizes and schedule of the reference decoder. */
import type { FeatureLevel } from '../methods/method.ts';

/** What is the same for every decoder. Looked at on `real10`, see README.md. */
export const DECODER = {
  /** Channels at the token grid, and after the first doubling. */
  widths: [64, 32],
  steps: 250,
  batchSize: 8,
  /** First learning rate; it falls to 0 along a cosine. */
  learningRate: 2e-3,
  /** Most images that it learns from; their pictures are held in memory. */
  maxImages: 1024,
} as const;

/** Finer levels are averaged to this grid first. */
const FINEST_GRID = 32;
/** Side of a picture in cells of the grid: two doublings. */
const PIXELS_PER_CELL = 4;

export interface DecoderConfig {
  /** Feature levels in the method's order. */
  readonly levels: readonly Pick<FeatureLevel, 'grid' | 'channels'>[];
  /** Side of the grid on which the levels meet. */
  readonly grid: number;
  /** Side of the decoded picture. */
  readonly imageSizePx: number;
}

/** For features of these levels: pictures of 128 pixels from a grid of 32 or more, of four times the finest grid else. */
export function decoderConfig(levels: DecoderConfig['levels']): DecoderConfig {
  const grid = Math.min(FINEST_GRID, Math.max(...levels.map((level) => level.grid)));
  return {
    levels: levels.map(({ grid: side, channels }) => ({ grid: side, channels })),
    grid,
    imageSizePx: PIXELS_PER_CELL * grid,
  };
}
