/**
 * @file Vision transformers as ONNX graphs (Dosovitskiy et al. 2021, https://arxiv.org/abs/2010.11929) in the form of
 * DINOv2 (Oquab et al. 2023, https://arxiv.org/abs/2304.07193), with or without registers (Darcet et al. 2024,
 * https://arxiv.org/abs/2309.16588), from weights under timm's names. LayerScale is folded into the projections
 * before it, the attention's 1/√d into the queries. `T` tokens: class, registers, then `P` = h·w patches.
 */
import { type BlockTaps, FIRST_TOKENS } from '@plumbline/contracts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { addMean } from './average-taps.ts';
import type { FeatureTap } from './backbone.ts';
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

export interface VitDescription {
  readonly dim: number;
  readonly depth: number;
  readonly heads: number;
  /** Inside the two-layer perceptron of a block. */
  readonly hidden: number;
  /** Side of a patch in pixels of the network's input. */
  readonly patchPx: number;
  readonly registers: number;
  /** Side of the grid that the position embedding was trained for. */
  readonly positions: number;
  /** Whether the class token has a position (timm: not `no_embed_class`). */
  readonly hasClassPosition: boolean;
}

/** timm's LayerNorm in vision transformers. */
const EPSILON = 1e-6;
/** Tap after the last block's LayerNorm. */
const NORM = 'norm';
/**
 * Default taps by share of the depth: ends of the two groups of middle blocks that Dinomaly (Guo et al., CVPR 2025,
 * https://arxiv.org/abs/2405.14325) reads; of 12 blocks `blocks.5` and `blocks.9`.
 */
const DEFAULT_DEPTHS = [1 / 2, 5 / 6];

/**
 * Taps `blocks.K`: patch tokens after block K as they are, without LayerNorm; `norm`: those of the last block with it.
 * @param stride Pixels of the image a patch stands for along each side. Where it is not `patchPx`, or doesn't divide
 * the image, the graph first resizes the image (bicubic) to ⌈side / stride⌉ patches.
 */
export function vit(description: VitDescription, stride = description.patchPx): Network {
  const { dim, depth, registers } = description;
  const names = [...Array.from({ length: depth }, (_, k) => `blocks.${k}`), NORM];
  const taps = names.map((name): FeatureTap => ({ name, channels: dim, stride }));
  const chosen = DEFAULT_DEPTHS.map((share) => Math.max(0, Math.floor(depth * share) - 1));
  return {
    taps,
    defaultTaps: [...new Set(chosen)].map((k) => `blocks.${k}`),
    firstTokens: 1 + registers,
    build: (weights, wanted, firstTokens = 'drop') =>
      new Builder(description, stride, { weights, firstTokens }).build(wanted),
  };
}

/** The sizes of the transformer whose weights these are, with heads of 64 channels; null when they are of none. */
export function measureVit(weights: Weights, heads?: number): VitDescription | null {
  const patch = weights.shape('patch_embed.proj.weight');
  const position = weights.shape('pos_embed');
  const hidden = weights.shape('blocks.0.mlp.fc1.weight')?.[0];
  const [dim, , patchPx] = patch ?? [];
  const count = position?.[1];
  if (dim === undefined || patchPx === undefined) return null;
  if (hidden === undefined || count === undefined) return null;
  if (weights.shape('blocks.0.ls1.gamma') === null) return null;
  let depth = 1;
  while (weights.shape(`blocks.${depth}.attn.qkv.weight`) !== null) depth++;
  const positions = Math.floor(Math.sqrt(count));
  return {
    dim,
    depth,
    heads: heads ?? Math.max(1, Math.round(dim / 64)),
    hidden,
    patchPx,
    registers: weights.shape('reg_token')?.[1] ?? 0,
    positions,
    hasClassPosition: count === positions ** 2 + 1,
  };
}

class Builder {
  readonly #graph = new GraphBuilder('backbone');
  readonly #description: VitDescription;
  readonly #stride: number;
  readonly #weights: Weights;
  readonly #firstTokens: BlockTaps['firstTokens'];
  /** Of each tap, f32 `[N, F, D]`. */
  readonly #first: string[] = [];

  constructor(
    description: VitDescription,
    stride: number,
    { weights, firstTokens }: { weights: Weights; firstTokens: BlockTaps['firstTokens'] },
  ) {
    this.#description = description;
    this.#stride = stride;
    this.#weights = weights;
    this.#firstTokens = firstTokens;
  }

  build(wanted: readonly string[]): Uint8Array {
    const graph = this.#graph;
    const { dim, depth } = this.#description;
    const image = graph.input('input', 'float32', ['N', 3, 'H', 'W']);
    const patches = this.#embedPatches(image); // [N, D, h, w]
    const grid = graph.op('Shape', [patches], { start: { i: 2 } });
    let tokens = this.#toTokens(patches, grid); // [N, T, D]
    const last = wanted.includes(NORM)
      ? depth - 1
      : Math.max(...wanted.map((name) => Number(name.replace('blocks.', ''))));
    for (let k = 0; k <= last; k++) {
      tokens = this.#block(tokens, `blocks.${k}`);
      if (wanted.includes(`blocks.${k}`)) this.#tap(`blocks.${k}`, tokens, grid);
    }
    if (wanted.includes(NORM)) this.#tap(NORM, this.#normalize(tokens, NORM), grid);
    for (const name of wanted) {
      graph.output(name, 'float32', ['N', dim, `${name}_h`, `${name}_w`]);
    }
    if (this.#firstTokens === 'keep') this.#outputFirst();
    return graph.build();
  }

  #embedPatches(image: string): string {
    const { dim, patchPx } = this.#description;
    const name = 'patch_embed.proj';
    const kernel = this.#constant(`${name}.weight`, [dim, 3, patchPx, patchPx]);
    return this.#graph.op(
      'Conv',
      [this.#fit(image), kernel, this.#constant(`${name}.bias`, [dim])],
      {
        kernel_shape: { is: [patchPx, patchPx] },
        strides: { is: [patchPx, patchPx] },
      },
    );
  }

  /** The image in whole patches: ⌈side / stride⌉ of them. An image that has that size stays as it is. */
  #fit(image: string): string {
    const graph = this.#graph;
    const size = graph.op('Shape', [image], { start: { i: 2 } });
    const number = (value: number) => graph.constant(int64([value]));
    const raised = graph.op('Add', [size, number(this.#stride - 1)]);
    const patches = graph.op('Div', [raised, number(this.#stride)]);
    const side = graph.op('Mul', [patches, number(this.#description.patchPx)]);
    const kept = graph.op('Shape', [image], { start: { i: 0 }, end: { i: 2 } });
    return this.#resize(image, graph.op('Concat', [kept, side], { axis: { i: 0 } }));
  }

  /** Like PyTorch's `interpolate(mode='bicubic', antialias=True)`, which is what timm resamples positions with. */
  #resize(value: string, sizes: string): string {
    return this.#graph.op('Resize', [value, '', '', sizes], {
      mode: { s: 'cubic' },
      cubic_coeff_a: { f: -0.5 },
      antialias: { i: 1 },
      exclude_outside: { i: 1 },
      coordinate_transformation_mode: { s: 'half_pixel' },
    });
  }

  #toTokens(patches: string, grid: string): string {
    const graph = this.#graph;
    const { dim, registers, positions, hasClassPosition } = this.#description;
    const extra = hasClassPosition ? 1 : 0;
    const count = positions ** 2;
    const position = this.#weights.get('pos_embed', [1, count + extra, dim]);
    const planes = transpose(position.subarray(extra * dim), count, dim);
    const map = graph.constant(float32([1, dim, positions, positions], planes));
    const sizes = graph.op('Concat', [graph.constant(int64([1, dim])), grid], { axis: { i: 0 } });
    const placed = graph.op('Add', [patches, this.#resize(map, sizes)]);
    const flat = graph.op('Reshape', [placed, graph.constant(int64([0, 0, -1]))]);
    const tokens = graph.op('Transpose', [flat], { perm: { is: [0, 2, 1] } }); // [N, P, D]
    const head = new Float32Array((1 + registers) * dim);
    head.set(this.#weights.get('cls_token', [1, 1, dim]));
    for (let i = 0; i < extra * dim; i++) head[i] = head[i]! + position[i]!;
    if (registers > 0) head.set(this.#weights.get('reg_token', [1, registers, dim]), dim);
    const batch = graph.op('Shape', [patches], { start: { i: 0 }, end: { i: 1 } });
    const shape = graph.op('Concat', [batch, graph.constant(int64([1, 1]))], { axis: { i: 0 } });
    const first = graph.constant(float32([1, 1 + registers, dim], head));
    return graph.op('Concat', [graph.op('Expand', [first, shape]), tokens], { axis: { i: 1 } });
  }

  #block(input: string, name: string): string {
    const { dim, hidden } = this.#description;
    const attended = this.#attend(this.#normalize(input, `${name}.norm1`), `${name}.attn`);
    const after = this.#graph.op('Add', [
      input,
      this.#linear(attended, `${name}.attn.proj`, dim, dim, this.#scale(`${name}.ls1`)),
    ]);
    const normal = this.#normalize(after, `${name}.norm2`);
    const wide = this.#graph.op('Gelu', [this.#linear(normal, `${name}.mlp.fc1`, dim, hidden)]);
    const narrow = this.#linear(wide, `${name}.mlp.fc2`, hidden, dim, this.#scale(`${name}.ls2`));
    return this.#graph.op('Add', [after, narrow]);
  }

  #attend(input: string, name: string): string {
    const graph = this.#graph;
    const { dim, heads } = this.#description;
    const side = dim / heads;
    const shrink = new Float32Array(3 * dim).fill(1).fill(1 / Math.sqrt(side), 0, dim);
    const all = this.#linear(input, `${name}.qkv`, dim, 3 * dim, shrink); // [N, T, 3D]
    const parts = graph.node('Split', [all], { axis: { i: 2 }, num_outputs: { i: 3 } }, 3);
    const byHead = (value: string, perm: number[]) => {
      const apart = graph.op('Reshape', [value, graph.constant(int64([0, 0, heads, side]))]);
      return graph.op('Transpose', [apart], { perm: { is: perm } });
    };
    const query = byHead(parts[0] as string, [0, 2, 1, 3]); // [N, heads, T, side]
    const key = byHead(parts[1] as string, [0, 2, 3, 1]); // [N, heads, side, T]
    const value = byHead(parts[2] as string, [0, 2, 1, 3]);
    const shares = graph.op('Softmax', [graph.op('MatMul', [query, key])], { axis: { i: -1 } });
    const mixed = graph.op('Transpose', [graph.op('MatMul', [shares, value])], {
      perm: { is: [0, 2, 1, 3] },
    });
    return graph.op('Reshape', [mixed, graph.constant(int64([0, 0, dim]))]);
  }

  /** The means of the tokens before the patches, over the taps. */
  #outputFirst(): void {
    const graph = this.#graph;
    const { dim, registers } = this.#description;
    const mean = addMean(graph, this.#first); // [N, F, D]
    const shape = graph.constant(int64([0, (1 + registers) * dim, 1, 1]));
    graph.node('Reshape', [mean, shape], {}, [FIRST_TOKENS]);
    graph.output(FIRST_TOKENS, 'float32', ['N', (1 + registers) * dim, 1, 1]);
  }

  /** Patch tokens f32 `[N, T, D]` as map `[N, D, h, w]` of this name. */
  #tap(name: string, tokens: string, grid: string): void {
    const graph = this.#graph;
    const { dim, registers } = this.#description;
    const number = (value: number) => graph.constant(int64([value]));
    const part = (from: number, to: number) =>
      graph.op('Slice', [tokens, number(from), number(to), number(1)]);
    const own = part(1 + registers, Number.MAX_SAFE_INTEGER);
    const patches = this.#firstTokens === 'recenter' ? graph.op('Sub', [own, part(0, 1)]) : own;
    if (this.#firstTokens === 'keep') this.#first.push(part(0, 1 + registers));
    const planes = graph.op('Transpose', [patches], { perm: { is: [0, 2, 1] } });
    const shape = graph.op('Concat', [graph.constant(int64([0, dim])), grid], { axis: { i: 0 } });
    graph.node('Reshape', [planes, shape], {}, [name]);
  }

  #normalize(input: string, name: string): string {
    const { dim } = this.#description;
    const parts = ['weight', 'bias'].map((part) => this.#constant(`${name}.${part}`, [dim]));
    return this.#graph.op('LayerNormalization', [input, ...parts], {
      axis: { i: -1 },
      epsilon: { f: EPSILON },
    });
  }

  #scale(name: string): Float32Array {
    return this.#weights.get(`${name}.gamma`, [this.#description.dim]);
  }

  /** x·Wᵀ + b, each output times its scale. */
  #linear(input: string, name: string, inputs: number, out: number, scale?: Float32Array): string {
    const matrix = this.#weights.get(`${name}.weight`, [out, inputs]);
    const bias = this.#weights.get(`${name}.bias`, [out]);
    const turned = transpose(matrix, out, inputs, scale);
    const scaled = scale === undefined ? bias : bias.map((b, i) => b * scale[i]!);
    const product = this.#graph.op('MatMul', [
      input,
      this.#graph.constant(float32([inputs, out], turned)),
    ]);
    return this.#graph.op('Add', [product, this.#graph.constant(float32([out], scaled))]);
  }

  #constant(name: string, shape: readonly number[]): string {
    return this.#graph.constant(float32(shape, this.#weights.get(name, shape)));
  }
}

/** f32 `[rows, columns]` to `[columns, rows]`, each row times its scale. */
function transpose(
  matrix: Float32Array,
  rows: number,
  columns: number,
  scale?: Float32Array,
): Float32Array {
  const turned = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const factor = scale?.[r] ?? 1;
    for (let c = 0; c < columns; c++) turned[c * rows + r] = matrix[r * columns + c]! * factor;
  }
  return turned;
}
