/** @file A graph that is part of a program as it is, such as a backbone that isn't trained. */
import type { GraphBuilder } from '../onnx/index.ts';
import { spliceModel } from '../onnx/splice.ts';

export interface FrozenGraph {
  /** ONNX. */
  readonly model: Uint8Array;
  /** For each of its inputs the input of the program that it reads. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What the program's body gets beside the inputs: outputs of the graph, f32, with their shapes. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** Makes it part of a graph under construction, which has the inputs that it reads. @returns For each output its value. */
export function addFrozenGraph(
  builder: GraphBuilder,
  { model, inputs, outputs }: FrozenGraph,
): Record<string, string> {
  return spliceModel(builder, model, {
    prefix: 'frozen/',
    inputs,
    outputs: Object.keys(outputs),
  });
}
