/** @file Fixed sine position embedding of a square token grid. */

/**
 * Channels 0…d/2−1 are sin/cos interleaved of the column, channels d/2…d−1 of the row, with frequencies
 * 10000^(−2k/(d/2)), k = 0…d/4−1; positions are 0…grid−1, not normalized (RLR's released code).
 * @returns f32 `[grid², d]`.
 */
export function sinePositionEmbedding(grid: number, d: number): Float32Array {
  const half = d / 2;
  const embedding = new Float32Array(grid * grid * d);
  for (let token = 0; token < grid * grid; token++) {
    const positions = [token % grid, Math.floor(token / grid)];
    for (let channel = 0; channel < d; channel++) {
      const within = channel % half;
      const frequency = 10000 ** (-(2 * Math.floor(within / 2)) / half);
      const angle = positions[channel < half ? 0 : 1]! * frequency;
      embedding[token * d + channel] = within % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return embedding;
}
