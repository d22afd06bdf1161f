/** @file What an image's category is found by: the feature maps of the backbone as a few averages each. */
import { type Preprocessing, tileGrid } from '@plumbline/contracts';
import { type FeatureTap, gridSide } from '../backbones/backbone.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { addBackbone, type BackboneOptions } from './feature-graph.ts';

/** A feature map is averaged over this many by this many parts of the image. */
const PARTS = 2;
/** Smaller norms are divided by this: a tap that is zero everywhere gives zeros. */
const SMALLEST_NORM = 1e-12;

/** Numbers in the descriptor of a backbone with its taps. */
export function descriptorSize({ backbone, preprocessing }: BackboneOptions): number {
  return backbone.featureTaps.reduce((sum, tap) => {
    const [down, across] = averagedSides(tap, preprocessing).map((side) => Math.min(PARTS, side));
    return sum + tap.channels * (down as number) * (across as number);
  }, 0);
}

/**
 * The part of a scoring graph that computes the descriptor, for many images.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `category_descriptor` f32 `[N, descriptorSize]`.
 */
export function buildDescriptorGraph(options: BackboneOptions): Uint8Array {
  const builder = new GraphBuilder('descriptor');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const maps = addBackbone(builder, image, options);
  addCategoryDescriptor(
    builder,
    options.preprocessing.tiles === undefined
      ? maps
      : maps.map((map) => addTileMap(builder, addMeans(builder, map), options.preprocessing)),
    options,
  );
  return builder.build();
}

/** @param map f32 `[N, C, h, w]`. @returns f32 `[N, C]`: means over places. */
export function addMeans(builder: GraphBuilder, map: string): string {
  const places = builder.constant(int64([2, 3]));
  return builder.op('ReduceMean', [map, places], { keepdims: { i: 0 } });
}

/** @param means f32 `[N·T, C]` or `[N, T, C]`, the tiles of an image together. @returns f32 `[N, C, rows, columns]`. */
export function addTileMap(
  builder: GraphBuilder,
  means: string,
  preprocessing: Preprocessing,
): string {
  const { rows, columns } = tileGrid(preprocessing);
  const shape = builder.op('Shape', [means], { start: { i: -1 } });
  const split = builder.op('Concat', [builder.constant(int64([-1, rows, columns])), shape], {
    axis: { i: 0 },
  });
  return builder.op('Transpose', [builder.op('Reshape', [means, split])], {
    perm: { is: [0, 3, 1, 2] },
  });
}

/**
 * Adds the output `category_descriptor` f32 `[N, descriptorSize]`: each tap averaged over the quarters of the image
 * (PyTorch's `adaptive_avg_pool2d` to 2×2), divided by its L2 norm, one after the other. Reads values that the graph
 * computes anyway.
 * @param maps For each tap f32 `[N, C, side, side]`; of tiles their means, `[N, C, rows, columns]`.
 */
export function addCategoryDescriptor(
  builder: GraphBuilder,
  maps: readonly string[],
  options: BackboneOptions,
): void {
  const { backbone, preprocessing } = options;
  const parts = backbone.featureTaps.map((tap, index) => {
    const sides = averagedSides(tap, preprocessing);
    // With an odd side the parts share their middle row and column.
    const averaged = builder.op('AveragePool', [maps[index] as string], {
      kernel_shape: { is: sides.map((side) => Math.ceil(side / PARTS)) },
      strides: { is: sides.map((side) => Math.max(1, Math.floor(side / PARTS))) },
    });
    const flat = builder.op('Reshape', [averaged, builder.constant(int64([0, -1]))]);
    const norm = builder.op('ReduceL2', [flat, builder.constant(int64([1]))]);
    const floor = builder.constant(float32([], [SMALLEST_NORM]));
    return builder.op('Div', [flat, builder.op('Max', [norm, floor])]);
  });
  builder.node('Concat', parts, { axis: { i: 1 } }, ['category_descriptor']);
  builder.output('category_descriptor', 'float32', ['N', descriptorSize(options)]);
}

/** Height and width of what is averaged: a grid of one place, or one row of tiles, has no halves. */
function averagedSides(
  tap: FeatureTap,
  { imageSizePx, tiles }: Preprocessing,
): readonly [number, number] {
  const side = gridSide(tap, imageSizePx);
  return tiles === undefined ? [side, side] : [tiles.rows, tiles.columns];
}
