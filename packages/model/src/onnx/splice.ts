/**
 * @file Copies the part of an ONNX model that yields some of its values into a graph under construction: how a
 * backbone is cut at its feature taps and how backbone and method become one scoring graph.
 */
import { DomainError } from '@plumbline/contracts';
import type { GraphBuilder } from './graph-builder.ts';
import {
  type AttributeProto,
  DATA_TYPE,
  decodeModelProto,
  type GraphProto,
  type Int64,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './schema.ts';
import { fromTensorProto } from './tensor.ts';
import { checkUpgradable, upgradeNode } from './upgrade-node.ts';

export interface SpliceOptions {
  /** Put before every copied name, so that two models can be in one graph. */
  readonly prefix: string;
  /** For each input of the model that is needed: the value in the builder that takes its place. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Values of the model that are wanted, whether or not they are among its outputs. */
  readonly outputs: readonly string[];
}

/** Types that `GraphBuilder.constant` stores unchanged; others are copied as they are. */
const PLAIN_TYPES: ReadonlySet<number> = new Set([
  DATA_TYPE.float32,
  DATA_TYPE.int32,
  DATA_TYPE.int64,
  DATA_TYPE.uint8,
  DATA_TYPE.bool,
]);

/**
 * Copies what the wanted values depend on, nothing else; nodes of older operator sets are rewritten for the builder's.
 * @param model An ONNX file's bytes, or the model in them.
 * @returns For each wanted value its name in the builder.
 * @throws DomainError when the model holds something that can't be copied faithfully.
 */
export function spliceModel(
  builder: GraphBuilder,
  model: Uint8Array | ModelProto,
  options: SpliceOptions,
): Record<string, string> {
  const proto = model instanceof Uint8Array ? decodeModelProto(plainBytes(model)) : model;
  const { graph } = proto;
  const from = defaultOpset(proto);
  checkUpgradable(from);
  const needed = neededNodes(graph, options.outputs);
  const names = new Map<string, string>(Object.entries(options.inputs));
  const rename = (name: string): string => {
    if (name === '') return '';
    const known = names.get(name);
    if (known === undefined) {
      throw new DomainError('INVALID_INPUT', `The model has no value named "${name}".`, {
        fix: 'Export the model again: one of its nodes reads a value that nothing computes.',
      });
    }
    return known;
  };

  const used = new Set([...needed.flatMap((node) => node.input), ...options.outputs]);
  for (const tensor of graph.initializer) {
    if (!used.has(tensor.name) || names.has(tensor.name)) continue;
    names.set(tensor.name, copyInitializer(builder, tensor, options.prefix));
  }
  let extra = 0;
  for (const node of needed) {
    for (const name of node.output) if (name !== '') names.set(name, options.prefix + name);
    const renamed: NodeProto = {
      ...node,
      name: `${options.prefix}${node.name || node.output[0]}`,
      input: node.input.map(rename),
      output: node.output.map(rename),
      attribute: node.attribute.map((attribute) => copyAttribute(attribute, node)),
    };
    const upgraded = upgradeNode(renamed, from, {
      constant: (value) => builder.constant(value),
      fresh: () => `${options.prefix}${node.output[0]}/upgraded${extra++}`,
    });
    for (const part of upgraded) builder.rawNode(part);
  }
  return Object.fromEntries(options.outputs.map((name) => [name, rename(name)]));
}

/** The same bytes without `Buffer`'s own `slice`, which shares memory where `Uint8Array`'s copies. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The version of ONNX's own operator set that a model uses. */
export function defaultOpset(model: ModelProto): number {
  const entry = model.opset_import.find(({ domain }) => !domain || domain === 'ai.onnx');
  return entry === undefined ? 1 : Number(entry.version);
}

/** Inputs that a caller must feed: before IR version 4 initializers were listed among the inputs too. */
export function realInputs(graph: GraphProto): GraphProto['input'] {
  const initialized = new Set(graph.initializer.map((tensor) => tensor.name));
  return graph.input.filter((input) => !initialized.has(input.name));
}

/** Nodes that the wanted values depend on, in the model's (topological) order. */
function neededNodes(graph: GraphProto, wanted: readonly string[]): NodeProto[] {
  const producers = new Map<string, NodeProto>();
  for (const node of graph.node) for (const name of node.output) producers.set(name, node);
  const needed = new Set<NodeProto>();
  const open = [...wanted];
  while (open.length > 0) {
    const node = producers.get(open.pop() as string);
    if (node === undefined || needed.has(node)) continue;
    needed.add(node);
    open.push(...node.input.filter((name) => name !== ''));
  }
  return graph.node.filter((node) => needed.has(node));
}

function copyInitializer(builder: GraphBuilder, tensor: TensorProto, prefix: string): string {
  checkEmbedded(tensor);
  const name = prefix + tensor.name;
  if (PLAIN_TYPES.has(tensor.data_type)) return builder.constant(fromTensorProto(tensor), name);
  builder.rawInitializer({ ...tensor, name });
  return name;
}

/** @throws DomainError when a tensor's values are in another file. */
export function checkEmbedded(tensor: TensorProto): void {
  if (tensor.data_location !== 1 && (tensor.external_data?.length ?? 0) === 0) return;
  throw new DomainError(
    'UNSUPPORTED',
    `Weight "${tensor.name}" is stored in another file (ONNX external data).`,
    {
      fix: 'Save the model as one file, for example with onnx.save(model, path, save_as_external_data=False).',
    },
  );
}

function copyAttribute(attribute: AttributeProto, node: NodeProto): AttributeProto {
  if (attribute.g !== undefined || (attribute.graphs?.length ?? 0) > 0) {
    throw new DomainError(
      'UNSUPPORTED',
      `Node "${node.name || node.output[0]}" (${node.op_type}) holds a subgraph (attribute "${attribute.name}").`,
      { fix: 'Export the model without control flow (If, Loop, Scan), or choose earlier taps.' },
    );
  }
  if (attribute.t !== undefined) checkEmbedded(attribute.t);
  if (attribute.ints === undefined) return attribute;
  return { ...attribute, ints: attribute.ints.map(clampInteger) };
}

/** "Until the end" is written as the largest int64, which a double would round up to one too many. */
function clampInteger(value: Int64): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));
}
