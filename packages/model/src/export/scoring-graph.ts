/** @file The graph of a model bundle: images to anomaly maps and image scores. */
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { spliceModel } from '../onnx/splice.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { addFeatures, type FeatureGraphOptions } from './feature-graph.ts';
import { addGaussianFilter } from './gaussian-filter.ts';

export interface Grid {
  readonly height: number;
  readonly width: number;
}

export interface MapOptions {
  /** Side of the anomaly map. */
  readonly imageSizePx: number;
  /** Token grid of each level. */
  readonly grids: readonly Grid[];
  /** Of the Gaussian filter before the image score's maximum; pixels, 0 for none. */
  readonly smoothingSigma: number;
}

export interface ScoringGraphOptions extends FeatureGraphOptions, MapOptions {
  /** Inputs `tokens0…` f32 `[N, L, C]`, outputs `scores0…` f32 `[N, L]`. */
  readonly methodGraph: Uint8Array;
}

/**
 * Everything from pixels to scores as one graph, so that a bundle needs nothing else.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `anomaly_map` f32 `[N, S, S]` (not smoothed) and
 * `image_score` f32 `[N]` (maximum of the smoothed map).
 */
export function buildScoringGraph(options: ScoringGraphOptions): Uint8Array {
  const builder = new GraphBuilder('scoring');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const tokens = addFeatures(builder, image, options);
  const outputs = tokens.map((_, level) => `scores${level}`);
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
  return builder.build();
}

/**
 * Adds the outputs: each level enlarged bilinearly (align_corners), the mean over levels, and the maximum of it smoothed.
 * @param scores For each level f32 `[N, height·width]`.
 */
export function addMapAndScore(
  builder: GraphBuilder,
  scores: readonly string[],
  { imageSizePx, grids, smoothingSigma }: MapOptions,
): void {
  if (scores.length !== grids.length || scores.length === 0) {
    throw new Error(`${scores.length} levels of scores for ${grids.length} grids.`);
  }
  const levels = scores.map((score, level) => {
    const { height, width } = grids[level] as Grid;
    const shape = builder.constant(int64([0, 1, height, width]));
    return addEnlargement(builder, builder.op('Reshape', [score, shape]), imageSizePx);
  });
  const sum = levels.reduce((total, level) => builder.op('Add', [total, level]));
  const map = builder.op('Mul', [sum, builder.constant(float32([], [1 / levels.length]))]);
  const smooth = addGaussianFilter(builder, map, imageSizePx, smoothingSigma);
  const flags = { keepdims: { i: 0 } };
  builder.node('Squeeze', [map, builder.constant(int64([1]))], {}, ['anomaly_map']);
  builder.node('ReduceMax', [smooth, builder.constant(int64([1, 2, 3]))], flags, ['image_score']);
  builder.output('anomaly_map', 'float32', ['N', imageSizePx, imageSizePx]);
  builder.output('image_score', 'float32', ['N']);
}

/** PyTorch's `interpolate(…, mode='bilinear', align_corners=True)`: f32 `[N, 1, h, w]` to `[N, 1, size, size]`. */
function addEnlargement(builder: GraphBuilder, map: string, size: number): string {
  const kept = builder.op('Shape', [map], { start: { i: 0 }, end: { i: 2 } });
  const sizes = builder.op('Concat', [kept, builder.constant(int64([size, size]))], {
    axis: { i: 0 },
  });
  return builder.op('Resize', [map, '', '', sizes], {
    mode: { s: 'linear' },
    coordinate_transformation_mode: { s: 'align_corners' },
  });
}
