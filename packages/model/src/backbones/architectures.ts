/** @file The architectures that can be built from safetensors, by timm's names; and which one some weights are of. */
import { isDeepStrictEqual } from 'node:util';
import { efficientNet, measureEfficientNet, scaleEfficientNet } from './efficientnet-graph.ts';
import type { Network } from './network.ts';
import { measureResNet, type ResNetDescription, resNet } from './resnet-graph.ts';
import { measureVit, type VitDescription, vit } from './vit-graph.ts';
import type { Weights } from './weights.ts';

/** Widths and depths of EfficientNet B0 to B7 as multiples of B0's (the paper's released configurations). */
const EFFICIENTNET_SCALES = [
  [1.0, 1.0],
  [1.0, 1.1],
  [1.1, 1.2],
  [1.2, 1.4],
  [1.4, 1.8],
  [1.6, 2.2],
  [1.8, 2.6],
  [2.0, 3.1],
] as const;

/** Channels and blocks of ViT-S, -B and -L. */
const VIT_SIZES = { small: [384, 12], base: [768, 12], large: [1024, 24] } as const;

/**
 * Pixels of the image that a patch of a vision transformer stands for. Its patches are 14 pixels, but with 16 its grids
 * are those of the convolutional networks (16×16 at 256 pixels, which the network then sees as 224).
 */
const VIT_STRIDE = 16;

const DESCRIPTIONS = new Map<string, unknown>();
const NETWORKS = new Map<string, Network>();

function add<T>(name: string, description: T, toNetwork: (description: T) => Network): void {
  DESCRIPTIONS.set(name, description);
  NETWORKS.set(name, toNetwork(description));
}

const vitInImages = (description: VitDescription) => vit(description, VIT_STRIDE);

function resNetOf(
  block: ResNetDescription['block'],
  blocks: readonly number[],
  innerWidth = 1,
): ResNetDescription {
  const stages = blocks.map((count, i) => {
    const width = 64 * 2 ** i;
    return {
      blocks: count,
      inner: width * innerWidth,
      out: block === 'basic' ? width : 4 * width,
    };
  });
  return { block, stem: 64, stages };
}

add('resnet18', resNetOf('basic', [2, 2, 2, 2]), resNet);
add('resnet34', resNetOf('basic', [3, 4, 6, 3]), resNet);
add('resnet50', resNetOf('bottleneck', [3, 4, 6, 3]), resNet);
add('wide_resnet50_2', resNetOf('bottleneck', [3, 4, 6, 3], 2), resNet);
for (const [i, [width, depth]] of EFFICIENTNET_SCALES.entries()) {
  add(`tf_efficientnet_b${i}`, scaleEfficientNet(width, depth), efficientNet);
}
for (const registers of [0, 4]) {
  for (const [size, [dim, depth]] of Object.entries(VIT_SIZES)) {
    const description: VitDescription = {
      dim,
      depth,
      heads: dim / 64,
      hidden: 4 * dim,
      patchPx: 14,
      registers,
      // Trained at 518 pixels.
      positions: 37,
      hasClassPosition: registers === 0,
    };
    const suffix = registers === 0 ? 'dinov2' : `reg${registers}_dinov2`;
    add(`vit_${size}_patch14_${suffix}`, description, vitInImages);
  }
}

export const ARCHITECTURES: readonly string[] = [...NETWORKS.keys()];

/** Null when no architecture has this name. */
export function findArchitecture(name: string): Network | null {
  return NETWORKS.get(name) ?? null;
}

export interface RecognizedNetwork {
  readonly network: Network;
  /** Of the architecture that has exactly these sizes; null when none has. */
  readonly name: string | null;
  /** `resnet50`, or the family with its sizes. */
  readonly description: string;
}

/** The network that weights are of, told by names and shapes of tensors; null when they are of no family known here. */
export function recognizeNetwork(weights: Weights): RecognizedNetwork | null {
  const resnet = measureResNet(weights);
  if (resnet !== null) {
    const sizes = resnet.stages.map((stage) => `${stage.blocks}×${stage.out}`).join(', ');
    return recognized(resnet, resNet(resnet), `a ResNet of stages ${sizes}`);
  }
  const efficient = measureEfficientNet(weights);
  if (efficient !== null) {
    const sizes = efficient.stages.map((stage) => `${stage.blocks}×${stage.out}`).join(', ');
    return recognized(efficient, efficientNet(efficient), `an EfficientNet of stages ${sizes}`);
  }
  const transformer = measureVit(weights);
  if (transformer !== null) {
    const { depth, dim, registers } = transformer;
    const words = `a vision transformer of ${depth} blocks of ${dim} with ${registers} registers`;
    return recognized(transformer, vitInImages(transformer), words);
  }
  return null;
}

function recognized(measured: object, network: Network, words: string): RecognizedNetwork {
  for (const [name, description] of DESCRIPTIONS) {
    if (isDeepStrictEqual(measured, description)) return { network, name, description: name };
  }
  return { network, name: null, description: words };
}
