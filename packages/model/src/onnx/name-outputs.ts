/** @file Gives values the names of the outputs they are copied to, so that nothing is copied. */
import type { GraphProto, NodeProto } from './schema.ts';

/**
 * The graph without `Identity` nodes between a node and an output: onnxruntime leaves them in when the value has other
 * uses, and a training step's moments are such values. A graph with subgraphs, which may name the same values, is left as
 * it is.
 */
export function outputsNamed(graph: GraphProto): GraphProto {
  if (graph.node.some(hasSubgraph)) return graph;
  const outputs = new Set(graph.output.map(({ name }) => name));
  const computed = new Set(graph.node.flatMap((node) => node.output));
  const renamed = new Map<string, string>();
  const node = graph.node.filter((candidate) => {
    const [source, name] = [candidate.input[0] ?? '', candidate.output[0] ?? ''];
    const isCopy =
      candidate.op_type === 'Identity' &&
      outputs.has(name) &&
      computed.has(source) &&
      !outputs.has(source) &&
      !renamed.has(source);
    if (isCopy) renamed.set(source, name);
    return !isCopy;
  });
  if (renamed.size === 0) return graph;
  const rename = (name: string): string => renamed.get(name) ?? name;
  return {
    ...graph,
    node: node.map((kept) => ({
      ...kept,
      input: kept.input.map(rename),
      output: kept.output.map(rename),
    })),
    value_info: (graph.value_info ?? []).filter(({ name }) => !renamed.has(name)),
  };
}

const hasSubgraph = (node: NodeProto): boolean =>
  (node.attribute ?? []).some(({ g, graphs }) => g != null || (graphs ?? []).length > 0);
