/** @file The picture of what a method expects, as one graph: image in, decoded reconstruction out. */
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { DATA_TYPE } from '../onnx/schema.ts';
import { spliceModel } from '../onnx/splice.ts';
import { float32 } from '../onnx/tensor.ts';
import { addFeatures, type FeatureGraphOptions } from './feature-graph.ts';
import { addResize } from './preprocessing.ts';

export interface NormalGraphOptions extends FeatureGraphOptions {
  /** Inputs `tokens0…` f32 `[N, L, C]`, outputs `reconstructions0…` of the same shapes. */
  readonly reconstructions: Uint8Array;
  /** Inputs `tokens0…`, output `picture` f32 `[N, S, S, 3]`, RGB in about 0..255. */
  readonly decoder: Uint8Array;
  /** S. */
  readonly pictureSizePx: number;
}

/**
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `normal` uint8 `[N, S, S, 3]` RGB. The aspect ratio is
 * not kept, as in the features.
 */
export function buildNormalGraph(options: NormalGraphOptions): Uint8Array {
  const builder = new GraphBuilder('normal');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const tokens = addFeatures(builder, image, options);
  const names = tokens.map((_, level) => `reconstructions${level}`);
  const rebuilt = spliceModel(builder, options.reconstructions, {
    prefix: 'method/',
    inputs: Object.fromEntries(tokens.map((value, level) => [`tokens${level}`, value])),
    outputs: names,
  });
  const { picture } = spliceModel(builder, options.decoder, {
    prefix: 'decoder/',
    inputs: Object.fromEntries(names.map((name, level) => [`tokens${level}`, rebuilt[name] ?? ''])),
    outputs: ['picture'],
  });
  const [low, high] = [0, 255].map((bound) => builder.constant(float32([], [bound])));
  const clipped = builder.op('Clip', [picture as string, low as string, high as string]);
  const rounded = builder.op('Round', [clipped]);
  builder.node('Cast', [rounded], { to: { i: DATA_TYPE.uint8 } }, ['normal']);
  builder.output('normal', 'uint8', ['N', options.pictureSizePx, options.pictureSizePx, 3]);
  return builder.build();
}

/**
 * The resizing of preprocessing alone, for the pictures that the decoder learns.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` to `picture` uint8 `[N, sizePx, sizePx, 3]`.
 */
export function buildResizeGraph(sizePx: number): Uint8Array {
  const builder = new GraphBuilder('resize');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const planes = addResize(builder, image, { height: sizePx, width: sizePx });
  builder.node('Transpose', [planes], { perm: { is: [0, 2, 3, 1] } }, ['picture']);
  builder.output('picture', 'uint8', ['N', sizePx, sizePx, 3]);
  return builder.build();
}
