/** @file What an image's category is found by: the feature maps of the backbone as a few averages each. */
import type { Preprocessing } from '@plumbline/contracts';
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
  return backbone.featureTaps.reduce(
    (sum, tap) => sum + tap.channels * partsOf(tap, preprocessing) ** 2,
    0,
  );
}

/**
 * The part of a scoring graph that computes the descriptor, for many images.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `category_descriptor` f32 `[N, descriptorSize]`.
 */
export function buildDescriptorGraph(options: BackboneOptions): Uint8Array {
  const builder = new GraphBuilder('descriptor');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  addCategoryDescriptor(builder, addBackbone(builder, image, options), options);
  return builder.build();
}

/**
 * Adds the output `category_descriptor` f32 `[N, descriptorSize]`: each tap averaged over the quarters of the image
 * (PyTorch's `adaptive_avg_pool2d` to 2×2), divided by its L2 norm, one after the other. Reads values that the graph
 * computes anyway.
 * @param maps For each tap f32 `[N, C, side, side]`.
 */
export function addCategoryDescriptor(
  builder: GraphBuilder,
  maps: readonly string[],
  options: BackboneOptions,
): void {
  const { backbone, preprocessing } = options;
  const parts = backbone.featureTaps.map((tap, index) => {
    const side = gridSide(tap, preprocessing.imageSizePx);
    const [kernel, stride] = [Math.ceil(side / PARTS), Math.max(1, Math.floor(side / PARTS))];
    // With an odd side the parts share their middle row and column.
    const averaged = builder.op('AveragePool', [maps[index] as string], {
      kernel_shape: { is: [kernel, kernel] },
      strides: { is: [stride, stride] },
    });
    const flat = builder.op('Reshape', [averaged, builder.constant(int64([0, -1]))]);
    const norm = builder.op('ReduceL2', [flat, builder.constant(int64([1]))]);
    const floor = builder.constant(float32([], [SMALLEST_NORM]));
    return builder.op('Div', [flat, builder.op('Max', [norm, floor])]);
  });
  builder.node('Concat', parts, { axis: { i: 1 } }, ['category_descriptor']);
  builder.output('category_descriptor', 'float32', ['N', descriptorSize(options)]);
}

/** A grid of one place has no quarters. */
function partsOf(tap: FeatureTap, { imageSizePx }: Preprocessing): number {
  return Math.min(PARTS, gridSide(tap, imageSizePx));
}
