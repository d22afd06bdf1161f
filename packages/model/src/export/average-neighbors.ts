/** @file The average pooling of features by plain code, for features that are read from where they are kept. */
import type { FeatureLevel } from '@plumbline/contracts';

/**
 * Averages each feature vector of an image with its eight neighbors (zeros beyond the border), as feature graphs do that
 * are asked to. Done after reading, so that what is kept serves methods that pool and methods that don't.
 * @param tokens f32 `[grid², channels]`, row by row; replaced.
 * @param room f32, at least as long: where the image is copied to.
 */
export function averageNeighbors(
  tokens: Float32Array,
  { grid, channels }: Pick<FeatureLevel, 'grid' | 'channels'>,
  room: Float32Array,
): void {
  const row = grid * channels;
  room.set(tokens);
  // Of three rows; a feature vector of zeros before and after it.
  const sums = new Float32Array(row + 2 * channels);
  for (let y = 0; y < grid; y++) {
    const start = y * row;
    const [above, below] = [start - row, start + row];
    if (y === 0 || y === grid - 1) {
      const near = y === 0 ? below : above;
      if (grid === 1) sums.set(room.subarray(0, row), channels);
      else for (let i = 0; i < row; i++) sums[channels + i] = room[start + i]! + room[near + i]!;
    } else {
      for (let i = 0; i < row; i++)
        sums[channels + i] = Math.fround(room[start + i]! + room[above + i]!) + room[below + i]!;
    }
    const twice = 2 * channels;
    for (let i = 0; i < row; i++)
      tokens[start + i] = (sums[i]! + sums[i + channels]! + sums[i + twice]!) / 9;
  }
}
