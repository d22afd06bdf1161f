/** @file Images to tokens: preprocessing, backbone and pooling as one ONNX graph. */
import type { Preprocessing } from '@plumbline/contracts';
import type { Backbone } from '../backbones/backbone.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { DATA_TYPE } from '../onnx/schema.ts';
import { spliceModel } from '../onnx/splice.ts';
import { int64 } from '../onnx/tensor.ts';
import { addPreprocessing } from './preprocessing.ts';

/** What a backbone sees. */
export interface BackboneOptions {
  readonly backbone: Backbone;
  readonly preprocessing: Preprocessing;
}

export interface FeatureGraphOptions extends BackboneOptions {
  /** Whether each feature vector is averaged with its eight neighbors (zeros beyond the border). */
  readonly averagePool: boolean;
}

interface TokenGraphOptions extends FeatureGraphOptions {
  /** Of the tokens; halves are the nearest ones, ties to even. */
  readonly dtype?: 'float32' | 'float16';
  /** Whether it also gives what the backbone sees. */
  readonly withPixels?: boolean;
  /** 4: also of what quarter turns make of it. Default 1. */
  readonly rotations?: 1 | 4 | undefined;
}

/**
 * The graph that training computes features with.
 * @returns ONNX: `image` uint8 `[N, H, W, 3]` RGB of any size to `tokens0`, `tokens1`, … `[N·views, h·w, C]` of the dtype
 * asked for (float32), row by row, one a feature tap in the backbone's order, and `pixels` f32 `[N·views, 3, S, S]` if
 * asked for. The views of an image, together: its tiles, each as it is turned.
 */
export function buildFeatureGraph(options: TokenGraphOptions): Uint8Array {
  const builder = new GraphBuilder('features');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const pixels = addPreprocessing(builder, image, options.preprocessing, options.rotations);
  const views =
    options.preprocessing.tiles === undefined && (options.rotations ?? 1) === 1 ? 'N' : 'N·V';
  addTokenOutputs(builder, addTaps(builder, pixels, options.backbone), { ...options, views });
  if (options.withPixels === true) {
    const { imageSizePx } = options.preprocessing;
    builder.node('Identity', [pixels], {}, ['pixels']);
    builder.output('pixels', 'float32', [views, 3, imageSizePx, imageSizePx]);
  }
  return builder.build();
}

/** The backbone alone: `pixels` f32 `[N, 3, S, S]` to `tokens0…` as above. */
export function buildTokensGraph(backbone: Pick<Backbone, 'model' | 'featureTaps'>): Uint8Array {
  const builder = new GraphBuilder('tokens');
  const pixels = builder.input('pixels', 'float32', ['N', 3, 'S', 'S']);
  addTokenOutputs(builder, addTaps(builder, pixels, backbone), { backbone, averagePool: false });
  return builder.build();
}

type TokenOutputs = Pick<TokenGraphOptions, 'averagePool' | 'dtype'> & {
  readonly backbone: Pick<Backbone, 'featureTaps'>;
  /** Name of the first axis. */
  readonly views?: string;
};

function addTokenOutputs(
  builder: GraphBuilder,
  maps: readonly string[],
  { backbone, averagePool, dtype = 'float32', views = 'N' }: TokenOutputs,
): void {
  for (const [level, tokens] of addTokens(builder, maps, averagePool).entries()) {
    const { channels } = backbone.featureTaps[level] as { channels: number };
    const output = [`tokens${level}`];
    if (dtype === 'float32') builder.node('Identity', [tokens], {}, output);
    else builder.node('Cast', [tokens], { to: { i: DATA_TYPE[dtype] } }, output);
    builder.output(`tokens${level}`, dtype, [views, `L${level}`, channels]);
  }
}

/**
 * Nodes from images to tokens.
 * @param image uint8 `[N, H, W, 3]`.
 * @returns For each feature tap f32 `[N, h·w, C]`.
 */
export function addFeatures(
  builder: GraphBuilder,
  image: string,
  options: FeatureGraphOptions,
): string[] {
  return addTokens(builder, addBackbone(builder, image, options), options.averagePool);
}

/**
 * @param image uint8 `[N, H, W, 3]`.
 * @returns For each feature tap f32 `[N·T, C, h, w]`, the tiles of an image together.
 */
export function addBackbone(
  builder: GraphBuilder,
  image: string,
  { backbone, preprocessing }: BackboneOptions,
): string[] {
  return addTaps(builder, addPreprocessing(builder, image, preprocessing), backbone);
}

/**
 * @param pixels f32 `[N, 3, S, S]`, normalized.
 * @returns As `addBackbone`.
 */
export function addTaps(
  builder: GraphBuilder,
  pixels: string,
  backbone: Pick<Backbone, 'model' | 'featureTaps'>,
): string[] {
  const taps = backbone.featureTaps.map((tap) => tap.name);
  const values = spliceModel(builder, backbone.model, {
    prefix: 'backbone/',
    inputs: { input: pixels },
    outputs: taps,
  });
  return taps.map((tap) => values[tap] as string);
}

/** @param maps Of `addBackbone`. @returns For each f32 `[N, h·w, C]`. */
export function addTokens(
  builder: GraphBuilder,
  maps: readonly string[],
  averagePool: boolean,
): string[] {
  return maps.map((features) => {
    const pooled = averagePool ? addAveragePool(builder, features) : features;
    // 0 keeps a size, −1 is what remains.
    const flat = builder.op('Reshape', [pooled, builder.constant(int64([0, 0, -1]))]);
    return builder.op('Transpose', [flat], { perm: { is: [0, 2, 1] } });
  });
}

function addAveragePool(builder: GraphBuilder, features: string): string {
  return builder.op('AveragePool', [features], {
    kernel_shape: { is: [3, 3] },
    strides: { is: [1, 1] },
    pads: { is: [1, 1, 1, 1] },
    count_include_pad: { i: 1 },
  });
}
