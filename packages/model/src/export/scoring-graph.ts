/** @file The graph of a model bundle: images to anomaly maps and image scores. */
import {
  type FittedMethod,
  type ImageScoreRule,
  type MapRule,
  SMOOTHING_SIGMA,
} from '../methods/method.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { spliceModel } from '../onnx/splice.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { addCategoryDescriptor } from './category-descriptor.ts';
import { addTaps, addTokens, type FeatureGraphOptions } from './feature-graph.ts';
import { addGaussianFilter } from './gaussian-filter.ts';
import { addPreprocessing } from './preprocessing.ts';

export interface MapOptions {
  /** Side of the anomaly map. */
  readonly imageSizePx: number;
  readonly map: MapRule;
}

export interface ScoringGraphOptions extends FeatureGraphOptions, Pick<MapOptions, 'map'> {
  /** Its inputs are as `methodInputs` says; outputs `scores0…` f32 `[N, P]`, one per grid of the map rule. */
  readonly methodGraph: Uint8Array;
  readonly methodInputs: FittedMethod['inputs'];
  /** With the output that an image's category is found by. */
  readonly categoryDescriptor: boolean;
}

/**
 * Everything from pixels to scores as one graph, so that a bundle needs nothing else.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `anomaly_map` f32 `[N, S, S]` (as the map
 * rule says), `image_score` f32 `[N]` and, if asked for, `category_descriptor` f32 `[N, D]`.
 */
export function buildScoringGraph(options: ScoringGraphOptions): Uint8Array {
  const builder = new GraphBuilder('scoring');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const pixels = addPreprocessing(builder, image, options.preprocessing);
  const maps = addTaps(builder, pixels, options.backbone);
  const tokens = addTokens(builder, maps, options.averagePool);
  const outputs = options.map.grids.map((_, level) => `scores${level}`);
  const scores = spliceModel(builder, options.methodGraph, {
    prefix: 'method/',
    inputs: {
      ...Object.fromEntries(tokens.map((value, level) => [`tokens${level}`, value])),
      ...(options.methodInputs === 'image' ? { pixels } : {}),
    },
    outputs,
  });
  addMapAndScore(
    builder,
    outputs.map((name) => scores[name] as string),
    { imageSizePx: options.preprocessing.imageSizePx, map: options.map },
  );
  if (options.categoryDescriptor) addCategoryDescriptor(builder, maps, options);
  return builder.build();
}

/**
 * Adds the outputs: each score grid enlarged bilinearly and all combined, and the image score of that smoothed. The map
 * itself is the combined one, or the smoothed one, as the rule says.
 * @param scores For each grid f32 `[N, side²]`.
 */
export function addMapAndScore(
  builder: GraphBuilder,
  scores: readonly string[],
  { imageSizePx, map: rule }: MapOptions,
): void {
  if (scores.length !== rule.grids.length || scores.length === 0) {
    throw new Error(`${scores.length} outputs of scores for ${rule.grids.length} grids.`);
  }
  const levels = scores.map((score, level) => {
    const side = rule.grids[level] as number;
    const square = builder.op('Reshape', [score, builder.constant(int64([0, 1, side, side]))]);
    return addEnlargement(builder, square, imageSizePx, rule.alignCorners);
  });
  const combined = addCombination(builder, levels, rule.combine ?? 'mean');
  const sigma = rule.sigma ?? SMOOTHING_SIGMA;
  const smooth = addGaussianFilter(builder, combined, imageSizePx, sigma);
  const map = rule.smoothed ? smooth : combined;
  builder.node('Squeeze', [map, builder.constant(int64([1]))], {}, ['anomaly_map']);
  addImageScore(builder, smooth, imageSizePx ** 2, rule.imageScore ?? { kind: 'max' });
  builder.output('anomaly_map', 'float32', ['N', imageSizePx, imageSizePx]);
  builder.output('image_score', 'float32', ['N']);
}

/** @param levels f32 `[N, 1, S, S]`. */
function addCombination(
  builder: GraphBuilder,
  levels: readonly string[],
  combine: NonNullable<MapRule['combine']>,
): string {
  const operator = combine === 'product' ? 'Mul' : 'Add';
  const all = levels.reduce((total, level) => builder.op(operator, [total, level]));
  if (combine !== 'mean') return all;
  return builder.op('Mul', [all, builder.constant(float32([], [1 / levels.length]))]);
}

/** Adds the output `image_score`. @param map f32 `[N, 1, S, S]`. */
function addImageScore(
  builder: GraphBuilder,
  map: string,
  pixels: number,
  rule: ImageScoreRule,
): void {
  const flags = { keepdims: { i: 0 } };
  const output = ['image_score'];
  if (rule.kind === 'topShare') {
    const flat = builder.op('Reshape', [map, builder.constant(int64([0, pixels]))]);
    const count = builder.constant(int64([Math.max(1, Math.floor(rule.share * pixels))]));
    const [largest = ''] = builder.node('TopK', [flat, count], {}, 2);
    builder.node('ReduceMean', [largest, builder.constant(int64([1]))], flags, output);
    return;
  }
  const values =
    rule.kind === 'max'
      ? map
      : builder.op('AveragePool', [map], { kernel_shape: { is: [rule.side, rule.side] } });
  builder.node('ReduceMax', [values, builder.constant(int64([1, 2, 3]))], flags, output);
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
