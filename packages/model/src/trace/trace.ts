/**
 * @file Records a tensor function as an ONNX graph. The function runs once, on TensorFlow.js' recording backend, with
 * tensors that have shapes and no values.
 */
import './gradients/index.ts';
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
import { GraphBuilder } from '../onnx/index.ts';
import { CannotRecordError, withDeepStacks } from './cannot-record-error.ts';
import { type EmissionTarget, recordedFor } from './emission.ts';
import { addFrozenGraph, type FrozenGraph } from './frozen-graph.ts';
import { registerAllKernels } from './kernels/index.ts';
import { whyRandom } from './random-calls.ts';
import { openShape, RECORDER, recordingBackend, toOnnxDtype } from './recording-backend.ts';

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
  /** Computed before the body, which gets its outputs beside the inputs. */
  readonly frozen?: FrozenGraph | undefined;
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

/** @param target What runs the graph. The graphs of a model's files are for processors. */
export function traceProgram(
  program: TensorProgram,
  target: EmissionTarget = 'processor',
): Uint8Array {
  return recordedFor(target, () => trace(program, program.body));
}

/**
 * Records `body`.
 * @param body Pure function of the named input tensors; returns the graph's outputs by name.
 * @returns Bytes of an ONNX model.
 * @throws CannotRecordError naming the kernel that has no recording, or the value that was read.
 */
export function trace(options: TraceOptions, body: TracedFunction): Uint8Array {
  registerAllKernels();
  const builder = new GraphBuilder(options.name);
  const previous = getBackend();
  setBackend(RECORDER);
  const placeholder = options.batchPlaceholder ?? null;
  recordingBackend.begin(builder, placeholder);
  try {
    tidy(() => {
      const inputs = Object.fromEntries(
        Object.entries(options.inputs).map(([name, input]) => [
          name,
          declareInput(builder, name, input, placeholder),
        ]),
      );
      const given = { ...inputs, ...frozenValues(builder, options.frozen) };
      declareOutputs(
        builder,
        namingTheKernel(() => body(given)),
        placeholder,
      );
    });
    return builder.build();
  } finally {
    recordingBackend.end();
    if (previous) setBackend(previous);
  }
}

function declareInput(
  builder: GraphBuilder,
  name: string,
  input: TracedInput,
  placeholder: number | null,
): Tensor {
  const dtype: DataType = input.dtype ?? 'float32';
  builder.input(name, toOnnxDtype(dtype), openShape(input.shape, placeholder), input.shape);
  const info: TensorInfo = recordingBackend.recording.tensor(name, input.shape, dtype);
  return engine().makeTensorFromTensorInfo(info);
}

function frozenValues(
  builder: GraphBuilder,
  frozen: FrozenGraph | undefined,
): Record<string, Tensor> {
  if (frozen === undefined) return {};
  const values = addFrozenGraph(builder, frozen);
  const tensors = Object.entries(frozen.outputs).map(([name, shape]) => {
    const info = recordingBackend.recording.tensor(values[name] as string, shape, 'float32');
    return [name, engine().makeTensorFromTensorInfo(info)] as const;
  });
  return Object.fromEntries(tensors);
}

function declareOutputs(
  builder: GraphBuilder,
  outputs: Readonly<Record<string, Tensor>>,
  placeholder: number | null,
): void {
  for (const [name, tensor] of Object.entries(outputs)) {
    builder.node('Identity', [recordingBackend.recording.value(tensor)], {}, [name]);
    builder.output(
      name,
      toOnnxDtype(tensor.dtype) as TensorDtype,
      openShape(tensor.shape, placeholder),
    );
  }
}

const MISSING_KERNEL = /[Kk]ernel '(\w+)' not registered/;

/** Turns TensorFlow.js' complaint about a missing kernel into one about recording it. */
function namingTheKernel<T>(run: () => T): T {
  try {
    return withDeepStacks(run);
  } catch (error) {
    const kernel = error instanceof Error ? MISSING_KERNEL.exec(error.message)?.[1] : undefined;
    if (kernel === undefined) throw error;
    throw new CannotRecordError(
      `the kernel ${kernel}`,
      whyRandom(kernel) ?? 'it has no ONNX counterpart here; trace/README.md says how to add one',
      { kernel, cause: error },
    );
  }
}
