/**
 * @file Records a tensor function as an ONNX graph. The function runs once, on TensorFlow.js' recording backend, with
 * tensors that have shapes and no values.
 */
import '@tensorflow/tfjs-layers'; // Registers the gradients of all kernels; tfjs-core's CommonJS build does not.
import type { TensorDtype } from '@plumbline/contracts';
import {
  type DataType,
  engine,
  getBackend,
  setBackend,
  type Tensor,
  type TensorInfo,
  tidy,
} from '@tensorflow/tfjs-core';
import { GraphBuilder, type SymbolicShape } from '../onnx/index.ts';
import { CannotRecordError } from './cannot-record-error.ts';
import { registerCast } from './kernels/cast.ts';
import { registerElementwise } from './kernels/elementwise.ts';
import { registerLayout } from './kernels/layout.ts';
import { registerMatMul } from './kernels/matmul.ts';
import { registerReductions } from './kernels/reduce.ts';
import {
  RECORDER,
  recordingBackend,
  registerRecordingBackend,
  toOnnxDtype,
} from './recording-backend.ts';

export interface TracedInput {
  readonly shape: readonly number[];
  /** Default float32. */
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

export interface TraceOptions {
  readonly name: string;
  /** Graph inputs by name, in order. A size equal to `batchPlaceholder` is the batch. */
  readonly inputs: Readonly<Record<string, TracedInput>>;
  /** Size that stands for "any batch"; must be a prime larger than any fixed size. See `BATCH`. */
  readonly batchPlaceholder?: number;
}

/** The stand-in for a batch of any size: a prime that no other size is a multiple of. */
export const BATCH = 7919;

export type TracedFunction = (
  inputs: Readonly<Record<string, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** A tensor function with the inputs it takes: recorded by `traceProgram`, or run as it is by the eager executor. */
export interface TensorProgram extends TraceOptions {
  readonly body: TracedFunction;
}

export function traceProgram(program: TensorProgram): Uint8Array {
  return trace(program, program.body);
}

/**
 * Records `body`.
 * @param body Pure function of the named input tensors; returns the graph's outputs by name.
 * @returns Bytes of an ONNX model.
 * @throws CannotRecordError naming the kernel that has no recording, or the value that was read.
 */
export function trace(options: TraceOptions, body: TracedFunction): Uint8Array {
  registerAll();
  const builder = new GraphBuilder(options.name);
  const previous = getBackend();
  setBackend(RECORDER);
  recordingBackend.begin(builder, options.batchPlaceholder ?? null);
  try {
    tidy(() => {
      const inputs = Object.fromEntries(
        Object.entries(options.inputs).map(([name, input]) => [
          name,
          declareInput(builder, name, input, options.batchPlaceholder),
        ]),
      );
      declareOutputs(
        builder,
        namingTheKernel(() => body(inputs)),
        options.batchPlaceholder,
      );
    });
    return builder.build();
  } finally {
    recordingBackend.end();
    if (previous) setBackend(previous);
  }
}

let registered = false;
function registerAll(): void {
  if (registered) return;
  registered = true;
  registerRecordingBackend();
  registerCast();
  registerElementwise();
  registerLayout();
  registerMatMul();
  registerReductions();
}

function declareInput(
  builder: GraphBuilder,
  name: string,
  input: TracedInput,
  placeholder: number | undefined,
): Tensor {
  const dtype: DataType = input.dtype ?? 'float32';
  builder.input(name, toOnnxDtype(dtype), symbolic(input.shape, placeholder));
  const info: TensorInfo = recordingBackend.recording.tensor(name, input.shape, dtype);
  return engine().makeTensorFromTensorInfo(info);
}

function declareOutputs(
  builder: GraphBuilder,
  outputs: Readonly<Record<string, Tensor>>,
  placeholder: number | undefined,
): void {
  for (const [name, tensor] of Object.entries(outputs)) {
    builder.node('Identity', [recordingBackend.recording.value(tensor)], {}, [name]);
    builder.output(
      name,
      toOnnxDtype(tensor.dtype) as TensorDtype,
      symbolic(tensor.shape, placeholder),
    );
  }
}

function symbolic(shape: readonly number[], placeholder: number | undefined): SymbolicShape {
  return shape.map((size) => (size === placeholder ? 'N' : size));
}

const MISSING_KERNEL = /[Kk]ernel '(\w+)' not registered/;

/** Turns TensorFlow.js' complaint about a missing kernel into one about recording it. */
function namingTheKernel<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const kernel = error instanceof Error ? MISSING_KERNEL.exec(error.message)?.[1] : undefined;
    if (kernel === undefined) throw error;
    throw new CannotRecordError(
      `the kernel ${kernel}`,
      'it has no ONNX counterpart here; add one in trace/kernels/',
    );
  }
}
