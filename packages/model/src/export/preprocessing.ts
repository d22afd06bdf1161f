/** @file The one implementation of image preprocessing: ONNX nodes at the start of every graph that sees images. */
import type { Preprocessing } from '@plumbline/contracts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { DATA_TYPE } from '../onnx/schema.ts';
import { float32, int64 } from '../onnx/tensor.ts';

/**
 * Resizes like Pillow's `Image.resize(…, BICUBIC)`: a = −0.5, the kernel widened when shrinking, cut off at the border,
 * fixed-point arithmetic rounded to uint8. Measured: of 3 random images at most 0.006 % of the values differ, by 1.
 * The aspect ratio is not kept. Then (x / 255 − mean) / std.
 * @param image uint8 `[N, H, W, 3]` RGB.
 * @returns f32 `[N, 3, imageSizePx, imageSizePx]`.
 */
export function addPreprocessing(
  builder: GraphBuilder,
  image: string,
  { imageSizePx, mean: means, std: deviations }: Preprocessing,
): string {
  const resized = addResize(builder, image, imageSizePx);
  const values = builder.op('Cast', [resized], { to: { i: DATA_TYPE.float32 } });
  const perChannel = (numbers: readonly number[]) =>
    builder.constant(float32([1, 3, 1, 1], numbers));
  const mean = perChannel(means.map((mean) => 255 * mean));
  const scale = perChannel(deviations.map((std) => 1 / (255 * std)));
  return builder.op('Mul', [builder.op('Sub', [values, mean]), scale]);
}

/** @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `pixels` f32 `[N, 3, S, S]`: what the backbone sees. */
export function buildPixelsGraph(preprocessing: Preprocessing): Uint8Array {
  const { imageSizePx } = preprocessing;
  const builder = new GraphBuilder('pixels');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  builder.node('Identity', [addPreprocessing(builder, image, preprocessing)], {}, ['pixels']);
  builder.output('pixels', 'float32', ['N', 3, imageSizePx, imageSizePx]);
  return builder.build();
}

/** The resizing in it: uint8 `[N, H, W, 3]` to uint8 `[N, 3, sizePx, sizePx]`. */
export function addResize(builder: GraphBuilder, image: string, sizePx: number): string {
  const planes = builder.op('Transpose', [image], { perm: { is: [0, 3, 1, 2] } });
  // All four sizes: onnxruntime 1.30 refuses the shorter form with `axes`.
  const kept = builder.op('Shape', [planes], { start: { i: 0 }, end: { i: 2 } });
  const side = builder.constant(int64([sizePx, sizePx]));
  const sizes = builder.op('Concat', [kept, side], { axis: { i: 0 } });
  return builder.op('Resize', [planes, '', '', sizes], {
    mode: { s: 'cubic' },
    cubic_coeff_a: { f: -0.5 },
    antialias: { i: 1 },
    exclude_outside: { i: 1 },
    coordinate_transformation_mode: { s: 'half_pixel' },
  });
}
