/**
 * @file ResNets as ONNX graphs (He et al. 2016, https://arxiv.org/abs/1512.03385; wide: Zagoruyko and Komodakis 2016,
 * https://arxiv.org/abs/1605.07146), from weights under the names that torchvision and timm use. As in those, a
 * bottleneck's stride is in its 3×3 convolution.
 */
import { GraphBuilder } from '../onnx/graph-builder.ts';
import type { FeatureTap } from './backbone.ts';
import { addFoldedConvolution } from './folded-convolution.ts';
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
  { block, stem, stages }: ResNetDescription,
  taps: readonly FeatureTap[],
  weights: Weights,
  wanted: readonly string[],
): Uint8Array {
  const builder = new GraphBuilder('backbone');
  const convolve = (
    input: string,
    [conv, norm]: readonly [string, string],
    sizes: { in: number; out: number; side: number; stride?: number },
  ) =>
    addFoldedConvolution(builder, weights, input, {
      conv,
      norm,
      ...sizes,
      epsilon: EPSILON,
      padding: 'symmetric',
    });
  const relu = (value: string) => builder.op('Relu', [value]);

  let value = builder.input('input', 'float32', ['N', 3, 'H', 'W']);
  value = relu(convolve(value, ['conv1', 'bn1'], { in: 3, out: stem, side: 7, stride: 2 }));
  value = builder.op('MaxPool', [value], {
    kernel_shape: { is: [3, 3] },
    strides: { is: [2, 2] },
    pads: { is: [1, 1, 1, 1] },
  });
  const depth = Math.max(...wanted.map((name) => taps.findIndex((tap) => tap.name === name)));
  let channels = stem;
  for (const [i, { blocks, inner, out }] of stages.slice(0, depth + 1).entries()) {
    const tap = `layer${i + 1}`;
    for (let b = 0; b < blocks; b++) {
      const name = `${tap}.${b}`;
      const stride = i > 0 && b === 0 ? 2 : 1;
      const part = (k: number) => [`${name}.conv${k}`, `${name}.bn${k}`] as const;
      let inside: string;
      if (block === 'basic') {
        inside = relu(convolve(value, part(1), { in: channels, out: inner, side: 3, stride }));
        inside = convolve(inside, part(2), { in: inner, out, side: 3 });
      } else {
        inside = relu(convolve(value, part(1), { in: channels, out: inner, side: 1 }));
        inside = relu(convolve(inside, part(2), { in: inner, out: inner, side: 3, stride }));
        inside = convolve(inside, part(3), { in: inner, out, side: 1 });
      }
      const isChanged = stride > 1 || channels !== out;
      const short = isChanged
        ? convolve(value, [`${name}.downsample.0`, `${name}.downsample.1`], {
            in: channels,
            out,
            side: 1,
            stride,
          })
        : value;
      const sum = builder.op('Add', [inside, short]);
      const isTap = b === blocks - 1 && wanted.includes(tap);
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
