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
  const sums = new Float32Array(row);
  for (let y = 0; y < grid; y++) {
    sums.set(room.subarray(y * row, (y + 1) * row));
    for (const near of [y - 1, y + 1])
      if (near >= 0 && near < grid) for (let i = 0; i < row; i++) sums[i]! += room[near * row + i]!;
    const start = y * row;
    for (let i = 0; i < row; i++) {
      const left = i >= channels ? sums[i - channels]! : 0;
      const right = i + channels < row ? sums[i + channels]! : 0;
      tokens[start + i] = (left + sums[i]! + right) / 9;
    }
  }
}
