/**
 * @file PaDiM's embedding: a fixed random subset of the channels of all feature taps, coarse grids replicated to the
 * finest (Defard et al., arXiv 2011.08785, section III-A). N images, P positions of the finest grid, D channels kept.
 */
import { concat, gather, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { RandomStream } from '../../nn/random.ts';
import type { FeatureLevel } from '../method.ts';

export interface PadimEmbedding {
  /** Side of the grid of positions. */
  readonly grid: number;
  /** D. */
  readonly size: number;
  readonly levels: readonly EmbeddedLevel[];
}

export interface EmbeddedLevel {
  readonly grid: number;
  /** Channels of the feature map, kept or not. */
  readonly channels: number;
  /** Channels kept, ascending. */
  readonly kept: Int32Array;
  /** `[P]`: for each position the one of this level's grid that covers it. */
  readonly sources: Int32Array;
}

/** Chooses the channels: all when there are no more than asked for. */
export function planEmbedding(
  levels: readonly FeatureLevel[],
  channels: number,
  seed: number,
): PadimEmbedding {
  const grid = Math.max(...levels.map((level) => level.grid));
  const total = levels.reduce((sum, level) => sum + level.channels, 0);
  const size = Math.min(channels, total);
  const chosen = RandomStream.from(seed, 'padim/channels').permutation(total).slice(0, size).sort();
  let first = 0;
  const embedded = levels.map((level) => {
    const end = first + level.channels;
    const kept = chosen.filter((channel) => channel >= first && channel < end);
    const own = kept.map((channel) => channel - first);
    first = end;
    return {
      grid: level.grid,
      channels: level.channels,
      kept: own,
      sources: coveringPositions(level.grid, grid),
    };
  });
  return { grid, size, levels: embedded };
}

function coveringPositions(coarse: number, fine: number): Int32Array {
  return Int32Array.from({ length: fine * fine }, (_, position) => {
    const row = Math.floor((Math.floor(position / fine) * coarse) / fine);
    const column = Math.floor(((position % fine) * coarse) / fine);
    return row * coarse + column;
  });
}

/**
 * The embedding as a tensor function.
 * @param tokens For each level f32 `[N, grid², channels]`.
 * @returns f32 `[N, P, D]`.
 */
export function embedTokens(tokens: readonly Tensor[], plan: PadimEmbedding): Tensor {
  const parts = plan.levels.flatMap((level, index) => {
    if (level.kept.length === 0) return [];
    const kept = gather(tokens[index] as Tensor, tensor1d(level.kept, 'int32'), 2);
    return level.grid === plan.grid ? [kept] : [gather(kept, tensor1d(level.sources, 'int32'), 1)];
  });
  return concat(parts, 2);
}

/**
 * The same for one position of one image, by plain code: fitting needs no tensors.
 * @param tokens For each level f32 `[images, grid², channels]`.
 * @param out `[D]`, filled.
 */
export function embedPosition(
  tokens: readonly Float32Array[],
  plan: PadimEmbedding,
  at: { readonly image: number; readonly position: number },
  out: Float64Array,
): void {
  let next = 0;
  for (const [index, level] of plan.levels.entries()) {
    const values = tokens[index] as Float32Array;
    const start = (at.image * level.grid ** 2 + level.sources[at.position]!) * level.channels;
    for (const channel of level.kept) out[next++] = values[start + channel]!;
  }
}
