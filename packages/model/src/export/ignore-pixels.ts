/**
 * @file Pixels that a category ignores, as nodes of the exported graph: the filter averages over what is left, the map has its
 * smallest value there, and so neither raises the image score.
 */
import { IGNORE_INPUT, type IgnoreMasks, type MapSize } from '@plumbline/contracts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { addGaussianFilter, type GaussianFilter } from './gaussian-filter.ts';

/** Above every value of a map. */
const HIGHEST = 3e38;

/** What nodes read of the regions. */
export interface IgnoredPixels {
  /** bool `[N, 1, height, width]`: counted. */
  readonly kept: string;
  /** f32 `[N, 1, height, width]`: the same, smoothed; 1 where it is 0. */
  readonly weight: string;
}

/**
 * Adds the input `ignore` int64 `[N]`: of each image the number of the category whose pixels it ignores, 0 for none.
 * @param size Of the map. @param filter That the map is smoothed by.
 */
export function addIgnoredPixels(
  builder: GraphBuilder,
  { masks }: IgnoreMasks,
  { height, width }: MapSize,
  filter: GaussianFilter,
): IgnoredPixels {
  const numbers = builder.input(IGNORE_INPUT, 'int64', ['N']);
  const pixels = height * width;
  const counted = new Uint8Array((masks.length + 1) * pixels).fill(1);
  for (const [index, mask] of masks.entries())
    for (let i = 0; i < pixels; i++) if (mask[i] !== 0) counted[(index + 1) * pixels + i] = 0;
  const shape = [masks.length + 1, 1, height, width];
  const all = builder.constant({ dtype: 'uint8', shape, data: counted });
  // Of constants alone, so that runtimes compute them once, when they load the graph.
  const keptOfAll = builder.op('Cast', [all], { to: { i: BOOL } });
  const floats = builder.op('Cast', [all], { to: { i: FLOAT } });
  const smooth = addGaussianFilter(builder, floats, { height, width }, filter);
  const weightOfAll = builder.op('Where', [keptOfAll, smooth, builder.constant(float32([], [1]))]);
  return {
    kept: builder.op('Gather', [keptOfAll, numbers], { axis: { i: 0 } }),
    weight: builder.op('Gather', [weightOfAll, numbers], { axis: { i: 0 } }),
  };
}

/** ONNX's numbers of types. */
const FLOAT = 1;
const BOOL = 9;

/** @returns The map smoothed, each pixel the mean of counted ones around it. */
export function addFilterOfKept(
  builder: GraphBuilder,
  map: string,
  { kept, weight }: IgnoredPixels,
  size: MapSize,
  filter: GaussianFilter,
): string {
  const counted = builder.op('Where', [kept, map, builder.constant(float32([], [0]))]);
  return builder.op('Div', [addGaussianFilter(builder, counted, size, filter), weight]);
}

/** @returns The map with the smallest of its counted values where it is ignored. */
export function addSmallestWhereIgnored(
  builder: GraphBuilder,
  map: string,
  { kept }: IgnoredPixels,
): string {
  const counted = builder.op('Where', [kept, map, builder.constant(float32([], [HIGHEST]))]);
  const smallest = builder.op('ReduceMin', [counted, builder.constant(int64([1, 2, 3]))]);
  return builder.op('Where', [kept, map, smallest]);
}
