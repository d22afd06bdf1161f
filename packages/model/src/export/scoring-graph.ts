/** @file The graph of a model bundle: images to anomaly maps and image scores. */
import type { MapRule } from '../methods/method.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { spliceModel } from '../onnx/splice.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { addCategoryDescriptor } from './category-descriptor.ts';
import { addBackbone, addTokens, type FeatureGraphOptions } from './feature-graph.ts';
import { addGaussianFilter } from './gaussian-filter.ts';

export interface MapOptions {
  /** Side of the anomaly map. */
  readonly imageSizePx: number;
  readonly map: MapRule;
  /** Of the Gaussian filter before the image score's maximum; pixels, 0 for none. */
  readonly smoothingSigma: number;
}

export interface ScoringGraphOptions extends FeatureGraphOptions, MapOptions {
  /** Inputs `tokens0…` f32 `[N, L, C]`, one per feature tap; outputs `scores0…` f32 `[N, P]`, one per grid of the map rule. */
  readonly methodGraph: Uint8Array;
  /** With the output that an image's category is found by. */
  readonly categoryDescriptor: boolean;
}

/**
 * Everything from pixels to scores as one graph, so that a bundle needs nothing else.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `anomaly_map` f32 `[N, S, S]` (as the map
 * rule says), `image_score` f32 `[N]` (maximum of the smoothed map) and, if asked for, `category_descriptor` f32 `[N, D]`.
 */
export function buildScoringGraph(options: ScoringGraphOptions): Uint8Array {
  const builder = new GraphBuilder('scoring');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const maps = addBackbone(builder, image, options);
  const tokens = addTokens(builder, maps, options.averagePool);
  const outputs = options.map.grids.map((_, level) => `scores${level}`);
  const scores = spliceModel(builder, options.methodGraph, {
    prefix: 'method/',
    inputs: Object.fromEntries(tokens.map((value, level) => [`tokens${level}`, value])),
    outputs,
  });
  addMapAndScore(
    builder,
    outputs.map((name) => scores[name] as string),
    options,
  );
  if (options.categoryDescriptor) addCategoryDescriptor(builder, maps, options);
  return builder.build();
}

/**
 * Adds the outputs: each score grid enlarged bilinearly, the mean over them, and the maximum of it smoothed. The map
 * itself is the mean, or the smoothed mean when the rule says so.
 * @param scores For each grid f32 `[N, side²]`.
 */
export function addMapAndScore(
  builder: GraphBuilder,
  scores: readonly string[],
  { imageSizePx, map: rule, smoothingSigma }: MapOptions,
): void {
  if (scores.length !== rule.grids.length || scores.length === 0) {
    throw new Error(`${scores.length} outputs of scores for ${rule.grids.length} grids.`);
  }
  const levels = scores.map((score, level) => {
    const side = rule.grids[level] as number;
    const square = builder.op('Reshape', [score, builder.constant(int64([0, 1, side, side]))]);
    return addEnlargement(builder, square, imageSizePx, rule.alignCorners);
  });
  const sum = levels.reduce((total, level) => builder.op('Add', [total, level]));
  const mean = builder.op('Mul', [sum, builder.constant(float32([], [1 / levels.length]))]);
  const smooth = addGaussianFilter(builder, mean, imageSizePx, smoothingSigma);
  const map = rule.smoothed ? smooth : mean;
  const flags = { keepdims: { i: 0 } };
  builder.node('Squeeze', [map, builder.constant(int64([1]))], {}, ['anomaly_map']);
  builder.node('ReduceMax', [smooth, builder.constant(int64([1, 2, 3]))], flags, ['image_score']);
  builder.output('anomaly_map', 'float32', ['N', imageSizePx, imageSizePx]);
  builder.output('image_score', 'float32', ['N']);
}

/** PyTorch's `interpolate(…, mode='bilinear', align_corners=…)`: f32 `[N, 1, h, w]` to `[N, 1, size, size]`. */
function addEnlargement(
  builder: GraphBuilder,
  map: string,
  size: number,
  alignCorners: boolean,
): string {
  const kept = builder.op('Shape', [map], { start: { i: 0 }, end: { i: 2 } });
  const sizes = builder.op('Concat', [kept, builder.constant(int64([size, size]))], {
    axis: { i: 0 },
  });
  return builder.op('Resize', [map, '', '', sizes], {
    mode: { s: 'linear' },
    coordinate_transformation_mode: { s: alignCorners ? 'align_corners' : 'half_pixel' },
  });
}
