/**
 * @file ResNets as ONNX graphs (He et al. 2016, https://arxiv.org/abs/1512.03385; wide: Zagoruyko and Komodakis 2016,
 * https://arxiv.org/abs/1605.07146), from weights under the names that torchvision and timm use. As in those, a
 * bottleneck's stride is in its 3×3 convolution.
 */
import { GraphBuilder } from '../onnx/graph-builder.ts';
import type { FeatureTap } from './backbone.ts';
import { addFoldedConvolution, type FoldedConvolution } from './folded-convolution.ts';
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

export interface ResNetDescription {
  readonly block: 'basic' | 'bottleneck';
  /** Channels after the first convolution. */
  readonly stem: number;
  readonly stages: readonly ResNetStage[];
}

export interface ResNetStage {
  readonly blocks: number;
  /** Channels inside a block: of its first convolution. */
  readonly inner: number;
  /** Channels after it. */
  readonly out: number;
}

/** PyTorch's BatchNorm2d default. */
const EPSILON = 1e-5;
const FIRST_STRIDE = 4;

/** Taps `layer1`, `layer2`, …: after the last ReLU of a stage, at stride 4, 8, … */
export function resNet(description: ResNetDescription): Network {
  const taps = description.stages.map(
    ({ out }, i): FeatureTap => ({
      name: `layer${i + 1}`,
      channels: out,
      stride: FIRST_STRIDE * 2 ** i,
    }),
  );
  return {
    taps,
    defaultTaps: taps.slice(1, 3).map((tap) => tap.name),
    build: (weights, wanted) => buildGraph(description, taps, weights, wanted),
  };
}

/** The sizes of the ResNet whose weights these are; null when they are of no ResNet. */
export function measureResNet(weights: Weights): ResNetDescription | null {
  const stem = weights.shape('conv1.weight')?.[0];
  if (stem === undefined || weights.shape('layer1.0.conv1.weight') === null) return null;
  const block = weights.shape('layer1.0.conv3.weight') === null ? 'basic' : 'bottleneck';
  const last = block === 'basic' ? 'conv2' : 'conv3';
  const stages: ResNetStage[] = [];
  for (;;) {
    const stage = `layer${stages.length + 1}`;
    const inner = weights.shape(`${stage}.0.conv1.weight`)?.[0];
    const out = weights.shape(`${stage}.0.${last}.weight`)?.[0];
    if (inner === undefined || out === undefined) return { block, stem, stages };
    let blocks = 1;
    while (weights.shape(`${stage}.${blocks}.conv1.weight`) !== null) blocks++;
    stages.push({ blocks, inner, out });
  }
}

function buildGraph(
  description: ResNetDescription,
  taps: readonly FeatureTap[],
  weights: Weights,
  wanted: readonly string[],
): Uint8Array {
  const builder = new GraphBuilder('backbone');
  const parts = partsIn(builder, weights);
  const input = builder.input('input', 'float32', ['N', 3, 'H', 'W']);
  let value = addStem(parts, input, description.stem);
  const depth = Math.max(...wanted.map((name) => taps.findIndex((tap) => tap.name === name)));
  let channels = description.stem;
  for (const [i, { blocks, inner, out }] of description.stages.slice(0, depth + 1).entries()) {
    const tap = `layer${i + 1}`;
    for (let b = 0; b < blocks; b++) {
      const stride = i > 0 && b === 0 ? 2 : 1;
      const isTap = b === blocks - 1 && wanted.includes(tap);
      const sizes = { in: channels, inner, out, stride };
      const sum = addBlock(parts, value, { kind: description.block, name: `${tap}.${b}`, sizes });
      value = builder.node('Relu', [sum], {}, isTap ? [tap] : 1)[0] as string;
      channels = out;
    }
  }
  for (const name of wanted) {
    const tap = taps.find((one) => one.name === name) as FeatureTap;
    builder.output(name, 'float32', ['N', tap.channels, `${name}_h`, `${name}_w`]);
  }
  return builder.build();
}

type Sizes = Pick<FoldedConvolution, 'in' | 'out' | 'side' | 'stride'>;

interface Parts {
  readonly builder: GraphBuilder;
  convolve(input: string, names: readonly [conv: string, norm: string], sizes: Sizes): string;
  relu(value: string): string;
}

function partsIn(builder: GraphBuilder, weights: Weights): Parts {
  return {
    builder,
    convolve: (input, [conv, norm], sizes) =>
      addFoldedConvolution(builder, weights, input, {
        conv,
        norm,
        ...sizes,
        epsilon: EPSILON,
        padding: 'symmetric',
      }),
    relu: (value) => builder.op('Relu', [value]),
  };
}

/** What comes before the stages: stride 4. */
function addStem({ builder, convolve, relu }: Parts, input: string, channels: number): string {
  const sizes = { in: 3, out: channels, side: 7, stride: 2 };
  const value = relu(convolve(input, ['conv1', 'bn1'], sizes));
  return builder.op('MaxPool', [value], {
    kernel_shape: { is: [3, 3] },
    strides: { is: [2, 2] },
    pads: { is: [1, 1, 1, 1] },
  });
}

interface Block {
  readonly kind: ResNetDescription['block'];
  /** Of its weights, as `layer1.0`. */
  readonly name: string;
  /** Channels before, inside and after it. */
  readonly sizes: {
    readonly in: number;
    readonly inner: number;
    readonly out: number;
    readonly stride: number;
  };
}

/** The sum at a block's end, before its last ReLU. */
function addBlock(parts: Parts, value: string, block: Block): string {
  const { name, sizes } = block;
  const inside =
    block.kind === 'basic' ? addBasic(parts, value, block) : addBottleneck(parts, value, block);
  const isChanged = sizes.stride > 1 || sizes.in !== sizes.out;
  const short = isChanged
    ? parts.convolve(value, [`${name}.downsample.0`, `${name}.downsample.1`], {
        in: sizes.in,
        out: sizes.out,
        side: 1,
        stride: sizes.stride,
      })
    : value;
  return parts.builder.op('Add', [inside, short]);
}

function addBasic({ convolve, relu }: Parts, value: string, { name, sizes }: Block): string {
  const { in: channels, inner, out, stride } = sizes;
  const first = { in: channels, out: inner, side: 3, stride };
  const inside = relu(convolve(value, partOf(name, 1), first));
  return convolve(inside, partOf(name, 2), { in: inner, out, side: 3 });
}

function addBottleneck({ convolve, relu }: Parts, value: string, { name, sizes }: Block): string {
  const { in: channels, inner, out, stride } = sizes;
  const narrow = { in: channels, out: inner, side: 1 };
  let inside = relu(convolve(value, partOf(name, 1), narrow));
  inside = relu(convolve(inside, partOf(name, 2), { in: inner, out: inner, side: 3, stride }));
  return convolve(inside, partOf(name, 3), { in: inner, out, side: 1 });
}

function partOf(block: string, k: number): readonly [string, string] {
  return [`${block}.conv${k}`, `${block}.bn${k}`];
}
