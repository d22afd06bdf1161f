/**
 * @file The layers of a backbone, read from its graph, so that a student can have the same. A BatchNorm that is folded
 * into its convolution is one again: every convolution is followed by one.
 */
import { DomainError } from '@plumbline/contracts';
import type { Backbone } from '../../backbones/backbone.ts';
import { decodeModelProto, type NodeProto, type TensorProto } from '../../onnx/schema.ts';

/** `[[top, bottom], [left, right]]`. */
type Padding = readonly [readonly [number, number], readonly [number, number]];

interface Window {
  /** `[height, width]`. */
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

export interface ConvolutionLayer extends Window {
  readonly kind: 'convolution';
  readonly input: string;
  /** What its parameters are called by. */
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
}

interface MaxPoolLayer extends Window {
  readonly kind: 'maxPool';
  readonly input: string;
}

interface ReluLayer {
  readonly kind: 'relu';
  readonly input: string;
}

interface SumLayer {
  readonly kind: 'sum';
  readonly inputs: readonly [string, string];
}

/** Nothing of its own: what is folded, or copied. */
interface SameLayer {
  readonly kind: 'same';
  readonly input: string;
}

export type Layer = ConvolutionLayer | MaxPoolLayer | ReluLayer | SumLayer | SameLayer;

export interface Architecture {
  /** What the images are called among the values. */
  readonly input: string;
  /** By the value that each computes, in an order in which all can be computed. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** Values that are compared, one a feature level. */
  readonly taps: readonly string[];
}

/** @throws DomainError with field `backbone` when a layer is none that a student can learn. */
export function readArchitecture(
  backbone: Pick<Backbone, 'name' | 'model' | 'featureTaps'>,
): Architecture {
  const { graph } = decodeModelProto(backbone.model);
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const input = graph.input.find(({ name }) => !tensors.has(name))?.name ?? 'input';
  const layers = new Map<string, Layer>();
  for (const node of graph.node) {
    const layer = layerOf(node, tensors, layers);
    if (layer === null) throw notCopied(backbone.name, node);
    layers.set(node.output[0] as string, layer);
  }
  return { input, layers, taps: backbone.featureTaps.map(({ name }) => name) };
}

export function convolutionsOf({ layers }: Architecture): ConvolutionLayer[] {
  return [...layers.values()].filter((layer) => layer.kind === 'convolution');
}

function layerOf(
  node: NodeProto,
  tensors: ReadonlyMap<string, TensorProto>,
  before: ReadonlyMap<string, Layer>,
): Layer | null {
  const [input = '', second = ''] = node.input;
  switch (node.op_type) {
    case 'Conv':
      return convolutionOf(node, tensors.get(second), before);
    case 'MaxPool': {
      const window = windowOf(node, intsOf(node, 'kernel_shape'));
      return window === null ? null : { kind: 'maxPool', input, ...window };
    }
    case 'Relu':
      return { kind: 'relu', input };
    case 'Add':
      return tensors.has(input) || tensors.has(second)
        ? null
        : { kind: 'sum', inputs: [input, second] };
    case 'BatchNormalization':
      return before.get(input)?.kind === 'convolution' ? { kind: 'same', input } : null;
    case 'Identity':
      return { kind: 'same', input };
    default:
      return null;
  }
}

function convolutionOf(
  node: NodeProto,
  weight: TensorProto | undefined,
  before: ReadonlyMap<string, Layer>,
): ConvolutionLayer | null {
  const [outChannels, inChannels, ...kernel] = weight?.dims.map(Number) ?? [];
  const window = windowOf(node, kernel);
  const groups = Number(attributeOf(node, 'group')?.i ?? 1);
  if (outChannels === undefined || inChannels === undefined || window === null) return null;
  // Without a value an int64 attribute decodes as 0.
  if (groups > 1) return null;
  const index = [...before.values()].filter(({ kind }) => kind === 'convolution').length;
  return {
    ...{ kind: 'convolution', input: node.input[0] as string, name: `convolution${index}` },
    ...{ inChannels, outChannels, ...window },
  };
}

/** Null for a window that is dilated, rounds its size up or pads by the image's size. */
function windowOf(node: NodeProto, kernel: readonly number[]): Window | null {
  const autoPad = attributeOf(node, 'auto_pad')?.s;
  if (autoPad !== undefined && autoPad.length > 0 && Buffer.from(autoPad).toString() !== 'NOTSET')
    return null;
  if (Number(attributeOf(node, 'ceil_mode')?.i ?? 0) !== 0) return null;
  if (intsOf(node, 'dilations').some((dilation) => dilation !== 1)) return null;
  const [height, width, ...more] = kernel;
  if (height === undefined || width === undefined || more.length > 0) return null;
  const [down = 1, right = 1] = intsOf(node, 'strides');
  const [top = 0, left = 0, bottom = 0, rightPad = 0] = intsOf(node, 'pads');
  return {
    kernel: [height, width],
    strides: [down, right],
    padding: [
      [top, bottom],
      [left, rightPad],
    ],
  };
}

function attributeOf(node: NodeProto, name: string) {
  return node.attribute.find((attribute) => attribute.name === name);
}

function intsOf(node: NodeProto, name: string): number[] {
  return (attributeOf(node, name)?.ints ?? []).map(Number);
}

function notCopied(backbone: string, node: NodeProto): DomainError {
  return new DomainError(
    'INVALID_INPUT',
    `STFPM trains a copy of the backbone, and backbone "${backbone}" has a layer that it can’t copy (${node.op_type}).`,
    {
      field: 'backbone',
      fix: 'Choose standard, compact or a ResNet. "plumb backbones list" names them.',
    },
  );
}
