/**
 * @file A backbone in int8: its graph with pairs of QuantizeLinear and DequantizeLinear at every value that is stored in
 * 8 bits. That is how ONNX writes quantized networks; onnxruntime joins the pairs with what stands between them into
 * operators on integers.
 */
import { type Calibration, DomainError } from '@plumbline/contracts';
import type { Backbone } from '../backbones/backbone.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { DATA_TYPE, decodeModelProto, type GraphProto, type NodeProto } from '../onnx/schema.ts';
import { plainBytes } from '../onnx/splice.ts';
import { float32, fromTensorProto } from '../onnx/tensor.ts';
import { type AffineRange, affineRange, quantizeBias, quantizeWeights } from './affine.ts';
import { planQuantization, type QuantizationPlan } from './plan-quantization.ts';

/**
 * @param backbone In float32.
 * @returns The same inputs, outputs, name and hash; equal bytes for equal ranges.
 * @throws DomainError UNSUPPORTED for a backbone that can't be had in int8, CONFLICT for ranges of another.
 */
export function quantizeBackbone(backbone: Backbone, calibration: Calibration): Backbone {
  const { graph } = decodeModelProto(plainBytes(backbone.model));
  const writer = new QuantizedGraph(graph, calibration);
  for (const node of graph.node) writer.add(node);
  return { ...backbone, calibration, model: writer.build(backbone) };
}

const BY_CHANNEL = { axis: { i: 0 } };

class QuantizedGraph {
  readonly #builder = new GraphBuilder('backbone');
  readonly #graph: GraphProto;
  readonly #plan: QuantizationPlan;
  readonly #stored: ReadonlySet<string>;
  readonly #ranges: Calibration['ranges'];
  /** Here, by name in the backbone. */
  readonly #values = new Map<string, string>();

  constructor(graph: GraphProto, { ranges }: Calibration) {
    this.#graph = graph;
    this.#plan = planQuantization(graph);
    this.#stored = new Set([...this.#plan.measured, ...this.#plan.sameAs.keys()]);
    this.#ranges = ranges;
    const images = this.#builder.input('input', 'float32', ['N', 3, 'H', 'W']);
    this.#values.set('input', this.#addRounding('input', images));
  }

  add(node: NodeProto): void {
    const [name = ''] = node.output;
    const input =
      node.op_type === 'Conv'
        ? this.#addOperands(node)
        : node.input.map((value) => this.#valueOf(value));
    const output = `exact/${name}`;
    this.#builder.rawNode({ ...node, input, output: [output] });
    this.#values.set(name, this.#stored.has(name) ? this.#addRounding(name, output) : output);
  }

  build({ featureTaps }: Backbone): Uint8Array {
    for (const [index, { name, channels }] of featureTaps.entries()) {
      this.#builder.node('Identity', [this.#valueOf(name)], {}, [name]);
      this.#builder.output(name, 'float32', ['N', channels, `h${index}`, `w${index}`]);
    }
    return this.#builder.build();
  }

  #valueOf(name: string): string {
    return this.#values.get(name) as string;
  }

  #rangeOf(name: string): AffineRange {
    const range = this.#ranges[this.#plan.sameAs.get(name) ?? name];
    if (range !== undefined) return affineRange(...range);
    throw new DomainError('CONFLICT', `The ranges are not this backbone's: "${name}" has none.`, {
      field: 'backbone',
      fix: 'Put the backbone back that the version was trained with, or train a new version.',
    });
  }

  /** The nearest of the 256 values that `name` can have. */
  #addRounding(name: string, value: string): string {
    const { scale, zero } = this.#rangeOf(name);
    const range = [
      this.#builder.constant(float32([], [scale])),
      this.#builder.constant({ dtype: 'uint8', shape: [], data: Uint8Array.of(zero) }),
    ];
    const stored = this.#builder.op('QuantizeLinear', [value, ...range]);
    return this.#builder.op('DequantizeLinear', [stored, ...range]);
  }

  /** Of a convolution: input, weights in int8 and bias in int32. */
  #addOperands({ input: [input = '', kernel = '', bias = ''] }: NodeProto): string[] {
    const weights = this.#constant(kernel);
    const channels = weights.shape[0] as number;
    const { values, scales } = quantizeWeights(weights.data, channels);
    const stored = `int8/${kernel}`;
    this.#builder.rawInitializer({
      ...{ name: stored, dims: [...weights.shape], data_type: DATA_TYPE.int8 },
      raw_data: new Uint8Array(values.buffer),
    });
    const scale = this.#builder.constant(float32([channels], scales));
    const operands = [
      this.#valueOf(input),
      this.#builder.op('DequantizeLinear', [stored, scale], BY_CHANNEL),
    ];
    if (bias === '') return operands;
    const inputScale = this.#rangeOf(input).scale;
    const data = quantizeBias(this.#constant(bias).data, inputScale, scales);
    const sums = this.#builder.constant({ dtype: 'int32', shape: [channels], data });
    const products = scales.map((one) => inputScale * one);
    const unit = this.#builder.constant(float32([channels], products));
    return [...operands, this.#builder.op('DequantizeLinear', [sums, unit], BY_CHANNEL)];
  }

  #constant(name: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
    const tensor = this.#graph.initializer.find((one) => one.name === name);
    const value = tensor === undefined ? null : fromTensorProto(tensor);
    if (value?.data instanceof Float32Array) return { shape: value.shape, data: value.data };
    throw new Error(`"${name}" is no float32 constant.`);
  }
}
