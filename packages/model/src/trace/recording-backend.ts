/**
 * @file The recording backend: a TensorFlow.js backend that computes nothing. Each kernel call becomes ONNX nodes in
 * the builder of the trace in progress; a tensor's data is the name of a value in that graph.
 */
import type { TensorDtype } from '@plumbline/contracts';
import {
  type DataType,
  KernelBackend,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { type GraphBuilder, int64, type SymbolicShape } from '../onnx/index.ts';
import { CannotRecordError } from './cannot-record-error.ts';
import { assertNotRandom } from './random-calls.ts';

export const RECORDER = 'plumbline-recorder';

export interface RecordedValue {
  /** Name in the graph; null while the values are known and not yet used as a constant. */
  name: string | null;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly values: ArrayLike<number> | null;
}

/** What a kernel gets to record itself with. */
export interface KernelRecording {
  readonly builder: GraphBuilder;
  /** Size that stands for the batch; its multiples are left open in the graph. Null when the batch is fixed. */
  readonly batchPlaceholder: number | null;
  /** Graph value of an input tensor. */
  value(tensor: TensorInfo): string;
  /** The number that every element of a tensor is known to be; null when they differ or are not known. */
  uniform(tensor: TensorInfo): number | null;
  /** A tensor for a value of the graph. */
  tensor(name: string, shape: readonly number[], dtype: DataType): TensorInfo;
}

class RecordingBackend extends KernelBackend {
  readonly #values = new WeakMap<object, RecordedValue>();
  #live = 0;
  #builder: GraphBuilder | null = null;
  #batchPlaceholder: number | null = null;

  begin(builder: GraphBuilder, batchPlaceholder: number | null): void {
    if (this.#builder !== null) throw new Error('A trace is in progress; traces cannot be nested.');
    this.#builder = builder;
    this.#batchPlaceholder = batchPlaceholder;
  }

  end(): void {
    this.#builder = null;
    this.#batchPlaceholder = null;
  }

  get recording(): KernelRecording {
    const builder = this.#builder;
    if (builder === null)
      throw new Error('No trace is in progress: run the function through trace().');
    return {
      builder,
      batchPlaceholder: this.#batchPlaceholder,
      value: (tensor) => this.#nameOf(tensor.dataId),
      uniform: (tensor) => uniformValue(this.#values.get(tensor.dataId)?.values ?? null),
      tensor: (name, shape, dtype) => {
        assertShape(builder.shapeOf(name), shape);
        builder.describe(name, toOnnxDtype(dtype), openShape(shape, this.#batchPlaceholder));
        return this.#store({ name, shape, dtype, values: null });
      },
    };
  }

  #nameOf(dataId: object): string {
    const value = this.#values.get(dataId);
    if (value === undefined)
      throw new Error('A tensor from outside the trace was used in it; pass it as an input.');
    if (value.name === null) {
      if (this.#builder === null) throw new Error('No trace is in progress.');
      value.name = recordConstant(this.#builder, value);
    }
    return value.name;
  }

  #store(value: RecordedValue): TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    this.#live++;
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    assertNotRandom();
    return this.#store({ name: null, shape, dtype, values: numeric(values) }).dataId;
  }

  override move(dataId: object, values: BackendValues, shape: number[], dtype: DataType): void {
    this.#values.set(dataId, { name: null, shape, dtype, values: numeric(values) });
    this.#live++;
  }

  override readSync(): never {
    throw new CannotRecordError(
      'reading a value (dataSync)',
      'traced functions may not depend on values',
    );
  }

  override read(): never {
    throw new CannotRecordError(
      'reading a value (data)',
      'traced functions may not depend on values',
    );
  }

  override disposeData(): boolean {
    this.#live--;
    return true;
  }

  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override numDataIds(): number {
    return this.#live;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {}
}

/** TensorFlow.js' idea of a result against what the recorded node gives by ONNX's definition. */
function assertShape(inferred: readonly number[] | null, expected: readonly number[]): void {
  if (inferred === null || inferred.join() === expected.join()) return;
  throw new Error(
    `its nodes give the shape [${inferred.join()}] where [${expected.join()}] is expected`,
  );
}

/** A shape as the graph states it: the batch is `N`, a multiple of it `N*k`. */
export function openShape(shape: readonly number[], placeholder: number | null): SymbolicShape {
  return shape.map((size) => {
    if (placeholder === null || size === 0 || size % placeholder !== 0) return size;
    return size === placeholder ? 'N' : `N*${size / placeholder}`;
  });
}

/** A constant; one number repeated is stored once and expanded when the graph runs. */
function recordConstant(builder: GraphBuilder, value: RecordedValue): string {
  const { shape } = value;
  const values = value.values ?? [];
  const dtype = toOnnxDtype(value.dtype);
  if (values.length < 64 || uniformValue(values) === null) {
    return builder.constant({ dtype, shape, data: toTypedArray(values, value.dtype) });
  }
  const scalar = builder.constant({
    dtype,
    shape: [],
    data: toTypedArray([values[0]!], value.dtype),
  });
  return builder.op('Expand', [scalar, builder.constant(int64(shape))]);
}

function uniformValue(values: ArrayLike<number> | null): number | null {
  const first = values?.[0];
  if (values === null || first === undefined) return null;
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return null;
  return Number(first);
}

type BackendValues = Float32Array | Int32Array | Uint8Array | Uint8Array[];

function numeric(values: BackendValues): ArrayLike<number> {
  if (Array.isArray(values)) throw new CannotRecordError('a tensor of strings', 'use numbers');
  return values;
}

/** ONNX's name of a TensorFlow.js dtype. */
export function toOnnxDtype(dtype: DataType): TensorDtype {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new CannotRecordError(`a tensor of dtype ${dtype}`, 'use float32, int32 or bool');
}

function toTypedArray(
  values: ArrayLike<number>,
  dtype: DataType,
): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32')
    return values instanceof Float32Array ? values : Float32Array.from(values);
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values);
  return Uint8Array.from(values, Number);
}

export const recordingBackend = new RecordingBackend();
let registered = false;

/** Registers the backend once; TensorFlow.js then knows it as `RECORDER`. */
export function registerRecordingBackend(): void {
  if (registered) return;
  registered = true;
  registerBackend(RECORDER, () => recordingBackend, -1);
}

export type Attributes = Readonly<Record<string, unknown>>;
export type KernelInputs = Readonly<Record<string, TensorInfo>> &
  Readonly<Record<number, TensorInfo>>;

export type KernelRecorder = (
  recording: KernelRecording,
  inputs: KernelInputs,
  attributes: Attributes,
) => TensorInfo | TensorInfo[];

/** Registers how a kernel is recorded. What fails in it is said of the kernel and its inputs. */
export function recordKernel(kernelName: string, record: KernelRecorder): void {
  registerKernel({
    kernelName,
    backendName: RECORDER,
    kernelFunc: ({ inputs, attrs }) => {
      const given = inputs as unknown as KernelInputs;
      const recording = recordingBackend.recording;
      try {
        return record(recording, given, (attrs ?? {}) as Attributes);
      } catch (error) {
        if (error instanceof CannotRecordError && error.kernel !== null) throw error;
        throw new CannotRecordError(`${kernelName}(${describeInputs(given)})`, reasonOf(error), {
          kernel: kernelName,
          cause: error,
        });
      }
    },
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof CannotRecordError) return `${error.what}: ${error.why}`;
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}

function describeInputs(inputs: KernelInputs): string {
  return Object.entries(inputs)
    .filter(([, tensor]) => tensor !== undefined && tensor !== null)
    .map(([name, tensor]) => `${name} ${tensor.dtype} [${tensor.shape.join()}]`)
    .join(', ');
}
