/** @file The graph of a model bundle: images to anomaly maps and image scores. */
import { type IgnoreMasks, type MapSize, mapSize, type Preprocessing } from '@plumbline/contracts';
import { gridSide } from '../backbones/backbone.ts';
import {
  type FittedMethod,
  type ImageScoreRule,
  type MapRule,
  SMOOTHING_SIGMA,
} from '../methods/method.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { spliceModel } from '../onnx/splice.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { addBlending } from './blend-tiles.ts';
import { addCategoryDescriptor, addMeans, addTileMap } from './category-descriptor.ts';
import { addTaps, addTokens, type FeatureGraphOptions } from './feature-graph.ts';
import { addGaussianFilter, type GaussianFilter } from './gaussian-filter.ts';
import { addFilterOfKept, addIgnoredPixels, addSmallestWhereIgnored } from './ignore-pixels.ts';
import { addPreprocessing, addTileSequence } from './preprocessing.ts';
import { addSmoothEnlargement, isSmoothlyEnlarged } from './smooth-enlargement.ts';

export interface MapOptions extends Pick<Preprocessing, 'imageSizePx' | 'tiles'> {
  readonly map: MapRule;
  /** Of the dataset version, of the map's size. The graph has an input for them only where there are any. */
  readonly ignore?: IgnoreMasks | null;
}

export interface ScoringGraphOptions
  extends FeatureGraphOptions,
    Pick<MapOptions, 'map' | 'ignore'> {
  /** Its inputs are as `methodInputs` says; outputs `scores0…` f32 `[N, P]`, one per grid of the map rule. */
  readonly methodGraph: Uint8Array;
  readonly methodInputs: FittedMethod['inputs'];
  /** Whether `methodGraph` takes all tiles of an image together, `[N·T, …]`, rather than any tile, `[N, …]`. */
  readonly tilesTogether?: boolean;
  /** With the output that an image's category is found by. */
  readonly categoryDescriptor: boolean;
}

/**
 * Everything from pixels to scores as one graph, so that a bundle needs nothing else.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `anomaly_map` f32 `[N, height, width]` (as the map
 * rule says; without tiles S by S), `image_score` f32 `[N]` and, if asked for, `category_descriptor` f32 `[N, D]`. With ignore
 * regions, also from `ignore` int64 `[N]`.
 */
export function buildScoringGraph(options: ScoringGraphOptions): Uint8Array {
  const builder = new GraphBuilder('scoring');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  if (options.preprocessing.tiles !== undefined) {
    addTiledScoring(builder, image, options);
    return builder.build();
  }
  const pixels = addPreprocessing(builder, image, options.preprocessing);
  const maps = addTaps(builder, pixels, options.backbone);
  const tokens = addTokens(builder, maps, options.averagePool);
  const scores = addMethod(builder, { tokens, pixels }, options);
  addMapAndScore(builder, scores, mapOptionsOf(options));
  if (options.categoryDescriptor) addCategoryDescriptor(builder, maps, options);
  return builder.build();
}

function mapOptionsOf({ preprocessing, map, ignore }: ScoringGraphOptions): MapOptions {
  return { ...preprocessing, map, ...(ignore ? { ignore } : {}) };
}

/** @returns For each grid of the map rule f32 `[N, side²]`. */
function addMethod(
  builder: GraphBuilder,
  { tokens, pixels }: { readonly tokens: readonly string[]; readonly pixels: string },
  { map, methodGraph, methodInputs }: ScoringGraphOptions,
): string[] {
  const outputs = map.grids.map((_, level) => `scores${level}`);
  const scores = spliceModel(builder, methodGraph, {
    prefix: 'method/',
    inputs: {
      ...Object.fromEntries(tokens.map((value, level) => [`tokens${level}`, value])),
      ...(methodInputs === 'image' ? { pixels } : {}),
    },
    outputs,
  });
  return outputs.map((name) => scores[name] as string);
}

/**
 * The tiles one after the other, so that an answer takes the memory of a tile: a graph of one tile in a `Scan`, and what
 * needs all of them after it.
 */
function addTiledScoring(builder: GraphBuilder, image: string, options: ScoringGraphOptions): void {
  const { preprocessing, categoryDescriptor, tilesTogether = false } = options;
  const { imageSizePx } = preprocessing;
  const tile = new GraphBuilder('tile', builder.opset, 'tile/');
  const pixels = tile.input('tile/pixels', 'float32', ['N', 3, imageSizePx, imageSizePx]);
  const maps = addTaps(tile, pixels, options.backbone);
  const tokens = addTokens(tile, maps, options.averagePool);
  const found = tilesTogether
    ? tokens
    : [addCombinedMap(tile, addMethod(tile, { tokens, pixels }, options), mapOptionsOf(options))];
  const means = categoryDescriptor ? maps.map((map) => addMeans(tile, map)) : [];
  const sizes = [
    ...(tilesTogether
      ? options.backbone.featureTaps.map((tap) => [gridSide(tap, imageSizePx) ** 2, tap.channels])
      : [[1, imageSizePx, imageSizePx]]),
    ...(categoryDescriptor ? options.backbone.featureTaps.map(({ channels }) => [channels]) : []),
  ];
  for (const [index, value] of [...found, ...means].entries()) {
    tile.node('Identity', [value], {}, [`tile/out${index}`]);
    tile.output(`tile/out${index}`, 'float32', ['N', ...(sizes[index] as (string | number)[])]);
  }
  const sequence = addTileSequence(builder, image, preprocessing);
  const names = [...found, ...means].map((_, index) => `tiles${index}`);
  builder.node('Scan', [sequence], { body: { g: tile.graph() }, num_scan_inputs: { i: 1 } }, names);
  // From [T, N, …] to [N, T, …].
  const byImage = names.map((name, index) => {
    const rank = 2 + (sizes[index] as readonly unknown[]).length;
    const rest = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
    return builder.op('Transpose', [name], { perm: { is: [1, 0, ...rest] } });
  });
  const ofTiles = byImage.slice(0, found.length);
  if (tilesTogether) {
    const flat = options.backbone.featureTaps.map((tap, level) => {
      const places = gridSide(tap, imageSizePx) ** 2;
      const shape = builder.constant(int64([-1, places, tap.channels]));
      return builder.op('Reshape', [ofTiles[level] as string, shape]);
    });
    const scores = addMethod(builder, { tokens: flat, pixels: '' }, options);
    addMapAndScore(builder, scores, mapOptionsOf(options));
  } else addBlendedMapAndScore(builder, ofTiles[0] as string, mapOptionsOf(options));
  if (categoryDescriptor)
    addCategoryDescriptor(
      builder,
      byImage.slice(found.length).map((one) => addTileMap(builder, one, preprocessing)),
      options,
    );
}

/**
 * Adds the outputs: each score grid enlarged bilinearly, all combined, tiles blended, and the image score of that
 * smoothed. The map itself is the combined one, or the smoothed one, as the rule says.
 * @param scores For each grid f32 `[N, side²]`; with tiles `[N·T, side²]`, those of an image together.
 */
export function addMapAndScore(
  builder: GraphBuilder,
  scores: readonly string[],
  options: MapOptions,
): void {
  const smooth = addSmoothedAtOnce(builder, scores, options);
  if (smooth === null)
    addBlendedMapAndScore(builder, addCombinedMap(builder, scores, options), options);
  else addOutputs(builder, { map: smooth, smooth }, options);
}

/** The smoothed map where it alone is wanted of a whole image. @returns f32 `[N, 1, S, S]`, or null. */
function addSmoothedAtOnce(
  builder: GraphBuilder,
  scores: readonly string[],
  { imageSizePx: size, map: rule, tiles, ignore }: MapOptions,
): string | null {
  const { alignCorners, combine = 'mean' } = rule;
  const filter = filterOf(rule);
  if (!rule.smoothed || tiles !== undefined || ignore || combine === 'product') return null;
  if (!isSmoothlyEnlarged(size, filter)) return null;
  const weight = combine === 'mean' ? 1 / scores.length : 1;
  return addSquares(builder, scores, rule)
    .map((square, level) => {
      const side = rule.grids[level] as number;
      return addSmoothEnlargement(builder, square, {
        ...filter,
        ...{ side, size, alignCorners, weight },
      });
    })
    .reduce((total, level) => builder.op('Add', [total, level]));
}

function filterOf(rule: MapRule): GaussianFilter {
  return { sigma: rule.sigma ?? SMOOTHING_SIGMA, radius: rule.radius };
}

/** @returns For each grid f32 `[N, 1, side, side]`. */
function addSquares(
  builder: GraphBuilder,
  scores: readonly string[],
  { grids }: MapRule,
): string[] {
  if (scores.length !== grids.length || scores.length === 0)
    throw new Error(`${scores.length} outputs of scores for ${grids.length} grids.`);
  return scores.map((score, level) => {
    const side = grids[level] as number;
    return builder.op('Reshape', [score, builder.constant(int64([0, 1, side, side]))]);
  });
}

/** @returns f32 `[N, 1, S, S]`, or of each tile. */
function addCombinedMap(
  builder: GraphBuilder,
  scores: readonly string[],
  { imageSizePx, map: rule }: MapOptions,
): string {
  const levels = addSquares(builder, scores, rule).map((square) =>
    addEnlargement(builder, square, imageSizePx, rule.alignCorners),
  );
  return addCombination(builder, levels, rule.combine ?? 'mean');
}

/** @param maps f32 `[N, 1, S, S]`; with tiles `[N·T, 1, S, S]` or `[N, T, 1, S, S]`, those of an image together. */
function addBlendedMapAndScore(builder: GraphBuilder, maps: string, options: MapOptions): void {
  const rule = options.map;
  const size = mapSize(options);
  const combined = options.tiles === undefined ? maps : addBlending(builder, maps, options);
  const filter = filterOf(rule);
  const ignored = options.ignore ? addIgnoredPixels(builder, options.ignore, size, filter) : null;
  const smoothed =
    ignored === null
      ? addGaussianFilter(builder, combined, size, filter)
      : addFilterOfKept(builder, combined, ignored, size, filter);
  const shown = (map: string) =>
    ignored === null ? map : addSmallestWhereIgnored(builder, map, ignored);
  const smooth = shown(smoothed);
  addOutputs(builder, { map: rule.smoothed ? smooth : shown(combined), smooth }, options);
}

/** @param maps f32 `[N, 1, height, width]`: the one that is given out, and the one that is scored. */
function addOutputs(
  builder: GraphBuilder,
  { map, smooth }: { readonly map: string; readonly smooth: string },
  options: MapOptions,
): void {
  const size = mapSize(options);
  const rule = options.map;
  builder.node('Squeeze', [map, builder.constant(int64([1]))], {}, ['anomaly_map']);
  addImageScore(builder, smooth, size, rule.imageScore ?? { kind: 'max' });
  builder.output('anomaly_map', 'float32', ['N', size.height, size.width]);
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
  { height, width }: MapSize,
  rule: ImageScoreRule,
): void {
  const flags = { keepdims: { i: 0 } };
  const output = ['image_score'];
  const addMeanOf = (count: number, values: string, isSorted: boolean) => {
    const flat = builder.op('Reshape', [values, builder.constant(int64([0, -1]))]);
    const order = isSorted ? {} : { sorted: { i: 0 } };
    const [largest = ''] = builder.node('TopK', [flat, builder.constant(int64([count]))], order, 2);
    builder.node('ReduceMean', [largest, builder.constant(int64([1]))], flags, output);
  };
  if (rule.kind === 'topShare') {
    addMeanOf(Math.max(1, Math.floor(rule.share * height * width)), map, true);
    return;
  }
  if (rule.kind === 'largest') {
    const of = (...values: number[]) => builder.constant(int64(values));
    const start = Math.floor(rule.every / 2);
    const some = builder.op('Slice', [
      ...[map, of(start, start), of(height, width), of(2, 3), of(rule.every, rule.every)],
    ]);
    addMeanOf(rule.count, some, false);
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
