/**
 * @file PaDiM's embedding: a fixed random subset of the channels of all feature taps, as published (Defard et al., arXiv
 * 2011.08785, section III-A), or principal components of all of them, on the finest grid or the coarsest. N images, P
 * positions, D channels kept.
 */
import { concat, gather, matMul, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core';
import { RandomStream } from '../../nn/random.ts';
import type { FeatureLevel } from '../method.ts';
import { type Projection, projectPatches } from '../principal-components.ts';

export interface PadimEmbedding {
  /** Side of the grid of positions. */
  readonly grid: number;
  /** D. */
  readonly size: number;
  readonly levels: readonly EmbeddedLevel[];
  /** Of what the levels keep; null: as they are. */
  readonly projection: Projection | null;
}

export interface EmbeddedLevel {
  readonly grid: number;
  /** Channels of the feature map, kept or not. */
  readonly channels: number;
  /** Channels kept, ascending. */
  readonly kept: Int32Array;
  /** `[P]`: for each position those of this level's grid that it is the average of: one where the grid is not finer. */
  readonly sources: readonly Int32Array[];
}

export interface PlannedEmbedding {
  /** D; all channels where there are no more. */
  readonly channels: number;
  readonly grid: 'finest' | 'coarsest';
  readonly seed: number;
}

/** Chooses the channels at random. */
export function planEmbedding(
  levels: readonly FeatureLevel[],
  { channels, grid: which, seed }: PlannedEmbedding,
): PadimEmbedding {
  const grids = levels.map((level) => level.grid);
  const grid = which === 'finest' ? Math.max(...grids) : Math.min(...grids);
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
  return { grid, size, levels: embedded, projection: null };
}

/** For each position of a grid those of a level that it covers, or the one that covers it. */
function coveringPositions(own: number, grid: number): Int32Array[] {
  const range = (at: number) => {
    const from = Math.floor((at * own) / grid);
    return { from, to: own > grid ? Math.ceil(((at + 1) * own) / grid) : from + 1 };
  };
  return Array.from({ length: grid * grid }, (_, position) => {
    const [rows, columns] = [range(Math.floor(position / grid)), range(position % grid)];
    const places: number[] = [];
    for (let y = rows.from; y < rows.to; y++)
      for (let x = columns.from; x < columns.to; x++) places.push(y * own + x);
    return Int32Array.from(places);
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
    const all = tokens[index] as Tensor;
    const isAll = level.kept.length === level.channels;
    const kept = isAll ? all : gather(all, tensor1d(level.kept, 'int32'), 2);
    return level.grid === plan.grid ? [kept] : [resampled(kept, level)];
  });
  const joined = parts.length === 1 ? (parts[0] as Tensor) : concat(parts, 2);
  return plan.projection === null ? joined : projectPatches(joined, plan.projection);
}

/** @param kept f32 `[N, grid², K]`. @returns f32 `[N, P, K]`. */
function resampled(kept: Tensor, { grid, sources }: EmbeddedLevel): Tensor {
  if (sources.every((places) => places.length === 1)) {
    const places = Int32Array.from(sources, ([place = 0]) => place);
    return gather(kept, tensor1d(places, 'int32'), 1);
  }
  const weights = new Float32Array(sources.length * grid ** 2);
  for (const [position, places] of sources.entries())
    for (const place of places) weights[position * grid ** 2 + place] = 1 / places.length;
  return matMul(tensor(weights, [sources.length, grid ** 2]), kept);
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
  const { projection } = plan;
  if (projection !== null) out.fill(0);
  let next = 0;
  for (const [index, level] of plan.levels.entries()) {
    const values = tokens[index] as Float32Array;
    const places = level.sources[at.position] as Int32Array;
    for (const channel of level.kept) {
      let sum = 0;
      for (const place of places)
        sum += values[(at.image * level.grid ** 2 + place) * level.channels + channel]!;
      const value = sum / places.length;
      if (projection === null) out[next] = value;
      else
        for (let d = 0; d < out.length; d++)
          out[d]! += value * projection.matrix[next * out.length + d]!;
      next++;
    }
  }
}
