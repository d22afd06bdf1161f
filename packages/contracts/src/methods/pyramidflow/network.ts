/** @file PyramidFlow's network as data (Lei et al. 2023, section 3): which level of the pyramid is changed by which of its neighbors. */

/** Changes one level by what it is next to. */
export interface PyramidBlock {
  readonly name: string;
  /** Of the level that is changed, 0 the finest. */
  readonly level: number;
  /** Its neighbors, finer first, which stay as they are: one or both. */
  readonly neighbors: readonly number[];
  /** Of the convolutions: that of the level, or of the finer neighbor where there is that one alone. */
  readonly grid: number;
  readonly inChannels: number;
}

export interface PyramidShape {
  /** Side of the finest level. */
  readonly grid: number;
  readonly channels: number;
  readonly pyramidLevels: number;
  readonly stacks: number;
  /** Side of the filters. */
  readonly kernel: number;
}

/** In the order of the released code: each stack goes over the levels twice, from the first and from the second on. */
export function pyramidBlocks(shape: Omit<PyramidShape, 'kernel'>): PyramidBlock[] {
  const { grid, channels, pyramidLevels, stacks } = shape;
  const block = (name: string, level: number, neighbors: readonly number[]): PyramidBlock => ({
    ...{ name, level, neighbors, inChannels: neighbors.length * channels },
    grid: grid >> (neighbors.length === 1 ? Math.min(level, ...neighbors) : level),
  });
  return Array.from({ length: stacks }, (_, stack) =>
    [0, 1].flatMap((first) => {
      const name = (place: number) => `stack${stack}.${first}.${place}`;
      const blocks = first === 1 ? [block(name(0), 0, [1])] : [];
      for (let start = first; start + 1 < pyramidLevels; start += 2)
        blocks.push(
          start + 2 < pyramidLevels
            ? block(name(blocks.length), start + 1, [start, start + 2])
            : block(name(blocks.length), start + 1, [start]),
        );
      return blocks;
    }),
  ).flat();
}

/** Multiplications for an image. */
export function pyramidWork(shape: PyramidShape): number {
  const { channels, kernel } = shape;
  return pyramidBlocks(shape).reduce((sum, { grid, level, inChannels }) => {
    const filters = kernel ** 2 * 2 * channels * (inChannels + 2 * channels);
    return sum + grid ** 2 * filters + (shape.grid >> level) ** 2 * channels ** 2;
  }, 0);
}

/** Numbers that the convolutions give for an image. */
export function pyramidValues(shape: PyramidShape): number {
  return pyramidBlocks(shape).reduce(
    (sum, { grid, level }) =>
      sum + (4 * grid ** 2 + 2 * (shape.grid >> level) ** 2) * shape.channels,
    0,
  );
}

/** Parameters: two convolutions without bias, and a mixing of channels by its factors. */
export function pyramidSize(shape: PyramidShape): number {
  const { channels, kernel } = shape;
  return pyramidBlocks(shape).reduce(
    (sum, { inChannels }) =>
      sum + kernel ** 2 * 2 * channels * (inChannels + 2 * channels) + 2 * channels ** 2 + channels,
    0,
  );
}
