/** @file Which values of a backbone are stored in 8 bits, and which of them in the same range. */
import { DomainError } from '@plumbline/contracts';
import { DATA_TYPE, type GraphProto, type NodeProto } from '../onnx/schema.ts';

export interface QuantizationPlan {
  /** Values whose range is measured, in the order in which they are computed. */
  readonly measured: readonly string[];
  /** Values stored in the range of another: what a maximum or a copy gives. */
  readonly sameAs: ReadonlyMap<string, string>;
}

/** What onnxruntime computes on integers, and a network is made of that gains by it. */
const OPERATORS: ReadonlySet<string> = new Set(['Conv', 'Relu', 'Add', 'MaxPool', 'Identity']);
/** Give values that they take. */
const PASSING: ReadonlySet<string> = new Set(['MaxPool', 'Identity']);

/**
 * Every value is, except one that only a ReLU reads: a range that begins at 0 is a ReLU.
 * @throws DomainError for networks of other operators, which would gain nothing.
 */
export function planQuantization(graph: GraphProto): QuantizationPlan {
  for (const node of graph.node) assertOperator(graph, node);
  const outputs = new Set(graph.output.map(({ name }) => name));
  const measured = graph.input.map(({ name }) => name);
  const sameAs = new Map<string, string>();
  for (const node of graph.node) {
    const [name = ''] = node.output;
    const readers = graph.node.filter(({ input }) => input.includes(name));
    const isClipped = readers.every(({ op_type }) => op_type === 'Relu') && !outputs.has(name);
    if (isClipped) continue;
    const [source = ''] = node.input;
    if (PASSING.has(node.op_type)) sameAs.set(name, sameAs.get(source) ?? source);
    else measured.push(name);
  }
  return { measured, sameAs };
}

function assertOperator(graph: GraphProto, node: NodeProto): void {
  const weights = graph.initializer.find(({ name }) => name === node.input[1]);
  const isKnown =
    OPERATORS.has(node.op_type) &&
    (node.op_type !== 'Conv' || weights?.data_type === DATA_TYPE.float32);
  if (isKnown) return;
  throw new DomainError(
    'UNSUPPORTED',
    `The backbone can't be computed in int8: its node "${node.name}" is of type ${node.op_type}.`,
    {
      field: 'precision',
      fix: 'Choose precision float32, or a backbone of convolutions, ReLU, sums and maxima: standard, compact or a ResNet.',
    },
  );
}
