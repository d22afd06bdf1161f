/** @file Leaves out of a graph what its outputs don't depend on. */
import type { GraphProto, NodeProto } from './schema.ts';

/** The graph without nodes, initializers and value descriptions that no output needs; its inputs stay. */
export function pruned(graph: GraphProto): GraphProto {
  if (graph.output.length === 0) return graph;
  const needed = new Set(graph.output.map((output) => output.name));
  const kept: NodeProto[] = [];
  for (const node of graph.node.toReversed()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of node.input) needed.add(name);
  }
  const computed = new Set(kept.flatMap((node) => node.output));
  return {
    ...graph,
    node: kept.reverse(),
    initializer: graph.initializer.filter((tensor) => needed.has(tensor.name)),
    value_info: (graph.value_info ?? []).filter(
      ({ name }) => needed.has(name) && computed.has(name),
    ),
  };
}
