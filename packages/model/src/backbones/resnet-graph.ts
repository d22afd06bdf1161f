/** @file A ResNet of basic blocks as an ONNX graph, from weights under torchvision's names. */
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32 } from '../onnx/tensor.ts';
import type { SafeTensor } from './safetensors.ts';

/** torchvision's BatchNorm2d default. */
const EPSILON = 1e-5;

export interface ResNetOptions {
  /** Output name (`layer1`, …) for each stage that is wanted. */
  readonly taps: readonly string[];
  readonly blocksPerStage: number;
}

/**
 * Stem (7×7 stride 2, 3×3 max pool stride 2) and as many stages as the deepest tap needs (He et al. 2016,
 * https://arxiv.org/abs/1512.03385; strides as in torchvision). BatchNorm is folded into the convolutions.
 * @param weights f32: `conv1.weight`, `bn1.*`, `layerS.B.convK.weight`, `layerS.B.bnK.*`, `layerS.0.downsample.*`.
 * @returns ONNX: `input` f32 `[N, 3, H, W]` to an output f32 `[N, C, h, w]` a tap, after the stage's last ReLU.
 */
export function buildResNetGraph(
  weights: ReadonlyMap<string, SafeTensor>,
  { taps, blocksPerStage }: ResNetOptions,
): Uint8Array {
  const builder = new GraphBuilder('backbone');
  const convolve = (input: string, conv: string, norm: string, stride: number): string => {
    const { kernel, bias, side } = foldBatchNorm(weights, conv, norm);
    const pad = (side - 1) / 2;
    return builder.op('Conv', [input, builder.constant(kernel), builder.constant(bias)], {
      kernel_shape: { is: [side, side] },
      strides: { is: [stride, stride] },
      pads: { is: [pad, pad, pad, pad] },
    });
  };
  let value = builder.input('input', 'float32', ['N', 3, 'H', 'W']);
  value = builder.op('Relu', [convolve(value, 'conv1', 'bn1', 2)]);
  value = builder.op('MaxPool', [value], {
    kernel_shape: { is: [3, 3] },
    strides: { is: [2, 2] },
    pads: { is: [1, 1, 1, 1] },
  });
  const stages = Math.max(...taps.map((tap) => Number(tap.replace('layer', ''))));
  for (let stage = 1; stage <= stages; stage++) {
    const tap = `layer${stage}`;
    for (let block = 0; block < blocksPerStage; block++) {
      const name = `${tap}.${block}`;
      const stride = stage > 1 && block === 0 ? 2 : 1;
      const short = weights.has(`${name}.downsample.0.weight`)
        ? convolve(value, `${name}.downsample.0`, `${name}.downsample.1`, stride)
        : value;
      const first = builder.op('Relu', [convolve(value, `${name}.conv1`, `${name}.bn1`, stride)]);
      const sum = builder.op('Add', [convolve(first, `${name}.conv2`, `${name}.bn2`, 1), short]);
      const isTap = block === blocksPerStage - 1 && taps.includes(tap);
      value = builder.node('Relu', [sum], {}, isTap ? [tap] : 1)[0] as string;
    }
  }
  for (const tap of taps) {
    const channels = tensor(weights, `${tap}.0.conv1.weight`).shape[0] as number;
    builder.output(tap, 'float32', ['N', channels, `${tap}_h`, `${tap}_w`]);
  }
  return builder.build();
}

/** w·γ/√(σ²+ε) and β − μ·γ/√(σ²+ε), so that the convolution does its BatchNorm's work. */
function foldBatchNorm(weights: ReadonlyMap<string, SafeTensor>, conv: string, norm: string) {
  const { shape, data } = tensor(weights, `${conv}.weight`);
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => tensor(weights, `${norm}.${part}`).data,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const channels = shape[0] as number;
  const perChannel = data.length / channels;
  const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + EPSILON));
  const kernel = data.map((w, i) => w * scale[Math.floor(i / perChannel)]!);
  const bias = beta.map((b, c) => b - mean[c]! * scale[c]!);
  return {
    kernel: float32(shape, kernel),
    bias: float32([channels], bias),
    side: shape[2] as number,
  };
}

function tensor(weights: ReadonlyMap<string, SafeTensor>, name: string) {
  const found = weights.get(name);
  if (!(found?.data instanceof Float32Array)) throw new Error(`The weights lack "${name}".`);
  return { shape: found.shape, data: found.data };
}
