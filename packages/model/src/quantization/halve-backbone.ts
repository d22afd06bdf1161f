/**
 * @file A backbone whose weights are stored as float16 and computed with as float32: half the bytes of a file, the same operators. Its
 * runtime turns the weights to float32 once, when it loads the graph.
 */
import { DomainError, toHalves } from '@plumbline/contracts';
import type { Backbone } from '../backbones/backbone.ts';
import {
  ATTRIBUTE_TYPE,
  DATA_TYPE,
  decodeModelProto,
  encodeModelProto,
  type NodeProto,
  type TensorProto,
} from '../onnx/schema.ts';
import { plainBytes } from '../onnx/splice.ts';
import { fromTensorProto, toHalfProto } from '../onnx/tensor.ts';

const LARGEST_HALF = 65504;
/** Vectors, such as biases, are small and decide much. */
const MIN_AXES = 2;

/**
 * @param backbone In float32.
 * @returns The same inputs, outputs, name and hash; its matrices and kernels rounded to the nearest float16.
 * @throws DomainError UNSUPPORTED when a weight is larger than float16 holds.
 */
export function halveBackbone(backbone: Backbone): Backbone {
  const proto = decodeModelProto(plainBytes(backbone.model));
  const { graph } = proto;
  const initializer: TensorProto[] = [];
  const casts: NodeProto[] = [];
  for (const tensor of graph.initializer) {
    if (tensor.data_type !== DATA_TYPE.float32 || tensor.dims.length < MIN_AXES) {
      initializer.push(tensor);
      continue;
    }
    const stored = `float16/${tensor.name}`;
    initializer.push(halved(tensor, stored));
    casts.push(castBack(stored, tensor.name));
  }
  const node = [...casts, ...graph.node];
  const computed = new Set(casts.flatMap(({ output }) => output));
  // Older files name every constant among the inputs, too.
  const input = graph.input.filter(({ name }) => !computed.has(name));
  const model = encodeModelProto({ ...proto, graph: { ...graph, input, initializer, node } });
  return { ...backbone, precision: 'float16', model };
}

function halved(tensor: TensorProto, name: string): TensorProto {
  const { data, shape } = fromTensorProto(tensor);
  const weights = data as Float32Array;
  for (const weight of weights) {
    if (Math.abs(weight) <= LARGEST_HALF) continue;
    throw new DomainError(
      'UNSUPPORTED',
      `The backbone's "${tensor.name}" has the weight ${weight}, and float16 holds ${LARGEST_HALF} at most.`,
      { field: 'precision', fix: 'Choose precision float32.' },
    );
  }
  return toHalfProto(shape, toHalves(weights), name);
}

function castBack(from: string, to: string): NodeProto {
  return {
    ...{ op_type: 'Cast', name: `${to}/float32`, domain: '' },
    ...{ input: [from], output: [to] },
    attribute: [{ name: 'to', type: ATTRIBUTE_TYPE.i, i: DATA_TYPE.float32 }],
  };
}
