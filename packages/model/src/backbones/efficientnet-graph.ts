/**
 * @file EfficientNets as ONNX graphs (Tan and Le 2019, https://arxiv.org/abs/1905.11946), from weights under timm's
 * names of its `tf_` variants: TensorFlow's SAME padding and BatchNorm ε = 1e-3.
 */
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32 } from '../onnx/tensor.ts';
import type { FeatureTap } from './backbone.ts';
import { addFoldedConvolution, type FoldedConvolution } from './folded-convolution.ts';
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

export interface EfficientNetDescription {
  readonly stem: number;
  readonly stages: readonly EfficientNetStage[];
}

export interface EfficientNetStage {
  readonly blocks: number;
  readonly out: number;
  /** Side of the depthwise convolutions. */
  readonly side: number;
}

/** Of B0 (table 1 of the paper); the others scale blocks and channels, not these. */
const EXPANSION = [1, 6, 6, 6, 6, 6, 6];
const STRIDES = [1, 2, 2, 2, 1, 2, 1];
const BASE_STEM = 32;
const BASE_STAGES: readonly EfficientNetStage[] = [
  { blocks: 1, out: 16, side: 3 },
  { blocks: 2, out: 24, side: 3 },
  { blocks: 2, out: 40, side: 5 },
  { blocks: 3, out: 80, side: 3 },
  { blocks: 3, out: 112, side: 5 },
  { blocks: 4, out: 192, side: 5 },
  { blocks: 1, out: 320, side: 3 },
];
/** Squeeze and excitation narrows to this share of a block's input channels. */
const SQUEEZE = 1 / 4;
const EPSILON = 1e-3;

/** B0 scaled: channels rounded to the nearest multiple of 8 that is no tenth less, blocks rounded up (as timm does). */
export function scaleEfficientNet(width: number, depth: number): EfficientNetDescription {
  return {
    stem: roundChannels(BASE_STEM * width),
    stages: BASE_STAGES.map(({ blocks, out, side }) => ({
      blocks: Math.ceil(blocks * depth),
      out: roundChannels(out * width),
      side,
    })),
  };
}

function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/**
 * Taps `blocks.0` (stride 2), `blocks.1` (4), `blocks.2` (8), …: the output of a stage's last block, a linear
 * bottleneck without activation. By default the last tap of stride 8 and of stride 16.
 */
export function efficientNet(description: EfficientNetDescription): Network {
  let stride = 2;
  const taps = description.stages.map(({ out }, i): FeatureTap => {
    stride *= STRIDES[i] as number;
    return { name: `blocks.${i}`, channels: out, stride };
  });
  const defaultTaps = [8, 16].flatMap(
    (wanted) => taps.findLast((tap) => tap.stride === wanted)?.name ?? [],
  );
  return {
    taps,
    defaultTaps,
    build: (weights, wanted) => new Builder(description, weights).build(taps, wanted),
  };
}

/** The sizes of the EfficientNet whose weights these are; null when they are of none. */
export function measureEfficientNet(weights: Weights): EfficientNetDescription | null {
  const stem = weights.shape('conv_stem.weight')?.[0];
  if (stem === undefined) return null;
  const stages: EfficientNetStage[] = [];
  for (const expansion of EXPANSION) {
    const stage = `blocks.${stages.length}`;
    const side = weights.shape(`${stage}.0.conv_dw.weight`)?.[2];
    const out = weights.shape(`${stage}.0.${expansion === 1 ? 'conv_pw' : 'conv_pwl'}.weight`)?.[0];
    if (side === undefined || out === undefined) break;
    let blocks = 1;
    while (weights.shape(`${stage}.${blocks}.conv_dw.weight`) !== null) blocks++;
    stages.push({ blocks, out, side });
  }
  return stages.length === 0 ? null : { stem, stages };
}

type Sizes = Pick<FoldedConvolution, 'in' | 'out' | 'side' | 'stride' | 'groups'>;

class Builder {
  readonly #graph = new GraphBuilder('backbone');
  readonly #description: EfficientNetDescription;
  readonly #weights: Weights;

  constructor(description: EfficientNetDescription, weights: Weights) {
    this.#description = description;
    this.#weights = weights;
  }

  build(taps: readonly FeatureTap[], wanted: readonly string[]): Uint8Array {
    const { stem, stages } = this.#description;
    const input = this.#graph.input('input', 'float32', ['N', 3, 'H', 'W']);
    let value = this.#swish(
      this.#convolve(input, 'conv_stem', 'bn1', { in: 3, out: stem, side: 3, stride: 2 }),
    );
    let channels = stem;
    const last = Math.max(...wanted.map((name) => taps.findIndex((tap) => tap.name === name)));
    for (const [i, { blocks, out, side }] of stages.slice(0, last + 1).entries()) {
      for (let b = 0; b < blocks; b++) {
        const stride = b === 0 ? (STRIDES[i] as number) : 1;
        const name = `blocks.${i}.${b}`;
        const inside = this.#block(value, name, EXPANSION[i] as number, {
          in: channels,
          out,
          side,
          stride,
        });
        const hasShortcut = stride === 1 && channels === out;
        value = hasShortcut ? this.#graph.op('Add', [inside, value]) : inside;
        channels = out;
      }
      const tap = taps[i] as FeatureTap;
      if (wanted.includes(tap.name)) this.#graph.node('Identity', [value], {}, [tap.name]);
    }
    for (const name of wanted) {
      const tap = taps.find((one) => one.name === name) as FeatureTap;
      this.#graph.output(name, 'float32', ['N', tap.channels, `${name}_h`, `${name}_w`]);
    }
    return this.#graph.build();
  }

  /** Widen (unless the expansion is 1), filter each channel, weigh the channels, narrow. */
  #block(input: string, name: string, expansion: number, sizes: Required<Omit<Sizes, 'groups'>>) {
    const { out, side, stride } = sizes;
    const wide = sizes.in * expansion;
    let norm = 1;
    const next = () => `${name}.bn${norm++}`;
    const point = { in: sizes.in, out: wide, side: 1 };
    const widened =
      expansion === 1
        ? input
        : this.#swish(this.#convolve(input, `${name}.conv_pw`, next(), point));
    const filtered = this.#swish(
      this.#convolve(widened, `${name}.conv_dw`, next(), {
        in: 1,
        out: wide,
        side,
        stride,
        groups: wide,
      }),
    );
    const weighed = this.#squeezeAndExcite(filtered, `${name}.se`, wide, sizes.in * SQUEEZE);
    const narrow = expansion === 1 ? 'conv_pw' : 'conv_pwl';
    return this.#convolve(weighed, `${name}.${narrow}`, next(), { in: wide, out, side: 1 });
  }

  #squeezeAndExcite(input: string, name: string, wide: number, narrow: number): string {
    const mean = this.#graph.op('GlobalAveragePool', [input]);
    const reduced = this.#swish(this.#pointwise(mean, `${name}.conv_reduce`, wide, narrow));
    const expanded = this.#pointwise(reduced, `${name}.conv_expand`, narrow, wide);
    return this.#graph.op('Mul', [input, this.#graph.op('Sigmoid', [expanded])]);
  }

  #pointwise(input: string, name: string, inputs: number, out: number): string {
    const kernel = float32(
      [out, inputs, 1, 1],
      this.#weights.get(`${name}.weight`, [out, inputs, 1, 1]),
    );
    const bias = float32([out], this.#weights.get(`${name}.bias`, [out]));
    return this.#graph.op(
      'Conv',
      [input, this.#graph.constant(kernel), this.#graph.constant(bias)],
      {
        kernel_shape: { is: [1, 1] },
      },
    );
  }

  #swish(value: string): string {
    return this.#graph.op('Mul', [value, this.#graph.op('Sigmoid', [value])]);
  }

  #convolve(input: string, conv: string, norm: string, sizes: Sizes): string {
    return addFoldedConvolution(this.#graph, this.#weights, input, {
      conv,
      norm,
      ...sizes,
      epsilon: EPSILON,
      padding: 'same',
    });
  }
}
