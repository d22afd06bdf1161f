import { describe, expect, it } from 'vitest';
import { outputsNamed } from './name-outputs.ts';
import type { GraphProto, NodeProto } from './schema.ts';

function node(op_type: string, input: string[], output: string): NodeProto {
  return { op_type, input, output: [output], name: '', attribute: [] } as unknown as NodeProto;
}

function graphOf(nodes: NodeProto[], outputs: string[]): GraphProto {
  return {
    node: nodes,
    name: 'g',
    initializer: [],
    input: [{ name: 'x' }],
    output: outputs.map((name) => ({ name })),
    value_info: [{ name: 'a' }, { name: 'b' }],
  } as unknown as GraphProto;
}

const summary = (graph: GraphProto): string[] =>
  graph.node.map((one) => `${one.output.join()}=${one.op_type}(${one.input.join()})`);

describe('outputsNamed', () => {
  it('gives a computed value the name of its output, for its other uses too', () => {
    const graph = outputsNamed(
      graphOf(
        [node('Neg', ['x'], 'a'), node('Identity', ['a'], 'out'), node('Exp', ['a'], 'b')],
        ['out', 'b'],
      ),
    );
    expect(summary(graph)).toEqual(['out=Neg(x)', 'b=Exp(out)']);
    expect(graph.value_info?.map(({ name }) => name)).toEqual(['b']);
  });

  it('keeps the copy of an input, and the second copy of a value', () => {
    const nodes = [
      node('Identity', ['x'], 'same'),
      node('Neg', ['x'], 'a'),
      node('Identity', ['a'], 'one'),
      node('Identity', ['a'], 'two'),
    ];
    expect(summary(outputsNamed(graphOf(nodes, ['same', 'one', 'two'])))).toEqual([
      'same=Identity(x)',
      'one=Neg(x)',
      'two=Identity(one)',
    ]);
  });

  it('keeps the copy of a value that is an output itself', () => {
    const nodes = [node('Neg', ['x'], 'a'), node('Identity', ['a'], 'out')];
    expect(summary(outputsNamed(graphOf(nodes, ['a', 'out'])))).toEqual([
      'a=Neg(x)',
      'out=Identity(a)',
    ]);
  });

  it('leaves a graph with subgraphs as it is', () => {
    const branch = node('If', ['x'], 'b');
    branch.attribute = [{ name: 'then_branch', type: 5, g: graphOf([], []) }];
    const graph = graphOf(
      [node('Neg', ['x'], 'a'), node('Identity', ['a'], 'out'), branch],
      ['out', 'b'],
    );
    expect(outputsNamed(graph)).toBe(graph);
  });
});
