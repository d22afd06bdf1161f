/**
 * @file Multi-head attention with PyTorch's packed projection. N batch, L tokens, d width, H heads, e = d/H.
 * A reference (one key or value set for the whole batch) has batch 1 and is projected once, not once an image.
 */
import { mul, reshape, split, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { attentionCore } from './attention-core.ts';
import { type LinearLayer, linearTogether } from './device/linear.ts';
import type { Dropout } from './dropout.ts';
import { linear } from './layers.ts';
import { type LocalWindows, localAttention } from './local-attention.ts';
import type { ParameterSpec } from './parameters.ts';
import type { Weights } from './weights.ts';

export interface AttentionInputs {
  /** f32 `[N, L, d]`. */
  readonly query: Tensor;
  /** f32 `[N, L, d]`, or `[1, L, d]` for a reference. */
  readonly key: Tensor;
  readonly value: Tensor;
  /** Added to the logits, f32 `[1, L, L]` (query, key); or the windows of local attention; null for none. */
  readonly mask: Tensor | LocalWindows | null;
  /** Of the attention weights, in training; not with local attention. */
  readonly dropout?: Dropout | null;
}

type Projection = (x: Tensor) => Tensor;
/** Of query, key and value. */
type Projections = [Projection, Projection, Projection];

const PROJECTIONS = ['query', 'key', 'value'] as const;

/** A packed projection (`in_proj_weight` `[3d, d]`, `in_proj_bias` `[3d]`) as its three parts; others as they are. */
export function projectionParts(spec: ParameterSpec): ParameterSpec[] {
  if (!/\.in_proj_(weight|bias)$/.test(spec.name)) return [spec];
  const [rows = 3, ...rest] = spec.shape;
  return PROJECTIONS.map((part) => ({
    ...spec,
    name: `${spec.name}/${part}`,
    shape: [rows / 3, ...rest],
  }));
}

/** The parts of a packed parameter, whether they are given packed or apart (`projectionParts`). */
function unpack(layer: Weights, name: string): Tensor[] {
  return layer.has(`${name}/query`)
    ? PROJECTIONS.map((part) => layer.tensor(`${name}/${part}`))
    : split(layer.tensor(name), 3, 0);
}

/** The packed projection `[3d, d]` as query, key and value projections. */
function unpackProjection(layer: Weights): Projections {
  const weights = unpack(layer, 'in_proj_weight');
  const biases = unpack(layer, 'in_proj_bias');
  return weights.map(
    (weight, part): Projection =>
      (x) =>
        linear(x, weight, biases[part] as Tensor),
  ) as Projections;
}

/** `[N, L, d]` → `[H, N, L, e]`. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [n = 1, l = 1, d = 1] = x.shape;
  return transpose(reshape(x, [n, l, heads, d / heads]), [2, 0, 1, 3]); // [H, N, L, e]
}

/** `[H, N, L, e]` → `[N, L, d]`. */
function joinHeads(x: Tensor): Tensor {
  const [heads = 1, n = 1, l = 1, e = 1] = x.shape;
  return reshape(transpose(x, [1, 2, 0, 3]), [n, l, heads * e]);
}

/** One of several attentions, with its weights. */
export interface WeightedAttention {
  readonly layer: Weights;
  readonly inputs: AttentionInputs;
}

/** Query, key and value, projected. */
export type Projected = readonly [Tensor, Tensor, Tensor];

/** The projections of several attentions, for a device: those that read the same tensor are one product. */
export function projectTogether(attentions: readonly WeightedAttention[]): Projected[] {
  const projections = attentions.flatMap(({ layer, inputs }) => {
    const weights = unpack(layer, 'in_proj_weight');
    const biases = unpack(layer, 'in_proj_bias');
    const sources = [inputs.query, inputs.key, inputs.value];
    return sources.map((x, part) => {
      const projection = { weight: weights[part] as Tensor, bias: biases[part] as Tensor };
      return { x, projection };
    });
  });
  const values: Tensor[] = [];
  for (const source of new Set(projections.map(({ x }) => x))) {
    const places = [...projections.keys()].filter((place) => projections[place]?.x === source);
    const own = places.map((place) => projections[place]?.projection as LinearLayer);
    for (const [index, value] of linearTogether(source, own).entries())
      values[places[index] as number] = value;
  }
  return attentions.map((_, i) => values.slice(3 * i, 3 * i + 3) as [Tensor, Tensor, Tensor]);
}

/**
 * softmax(q·kᵀ/√e + mask)·v, projected out.
 * @param layer With `in_proj_weight`, `in_proj_bias` and `out_proj`.
 * @param projected Of `projectTogether`; projected here when absent.
 * @returns f32 `[N, L, d]`.
 */
export function multiHeadAttention(
  { layer, inputs }: WeightedAttention,
  heads: number,
  projected?: Projected,
): Tensor {
  const e = (inputs.query.shape[2] ?? 1) / heads;
  const [toQuery, toKey, toValue] = projected
    ? (projected.map(
        (value): Projection =>
          () =>
            value,
      ) as Projections)
    : unpackProjection(layer);
  // Scaling the queries touches L·d numbers per image, scaling the logits L·L; a reference's keys are the fewest.
  const scale = 1 / Math.sqrt(e);
  const [q, k] = [toQuery(inputs.query), toKey(inputs.key)];
  const [queries, keys] = k.size < q.size ? [q, mul(k, scale)] : [mul(q, scale), k];
  const values = toValue(inputs.value);
  const { mask, dropout = null } = inputs;
  const [[n = 1, queryCount = 1], [, keyCount = 1]] = [queries.shape, keys.shape];
  const mixed =
    mask !== null && 'queriesPerBlock' in mask
      ? localAttention(queries, keys, values, mask, heads)
      : joinHeads(
          attentionCore(
            splitHeads(queries, heads),
            splitHeads(keys, heads),
            splitHeads(values, heads),
            mask,
            dropout?.factors([heads, n, queryCount, keyCount]) ?? null,
          ),
        );
  return layer.linear('out_proj', mixed);
}
