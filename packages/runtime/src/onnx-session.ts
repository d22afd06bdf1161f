/** @file One graph loaded by onnxruntime-node, and how tensors are handed to it and come back. */
import type {
  GraphSession,
  TensorArray,
  TensorMap,
  TensorValue,
} from '@plumbline/contracts/graphs';
import * as ort from './onnxruntime.ts';
import type { Provider } from './provider.ts';

/**
 * Between two runs the threads of a session sleep. By default they go on turning for a while, on cores that decode the next image
 * meanwhile. Within a run they wait for the next node no longer than it takes to wake them: two that were put on one core, since another program had the
 * other one for a moment, stay there for tens of milliseconds while both turn. A training step follows the one before it at once, so that it is left as it is there.
 */
const RESTING = {
  session: { force_spinning_stop: '1', intra_op: { spin_duration_us: '50' } },
} as const;

/** @param threads Within an operator; onnxruntime's choice (all cores) when absent */
export function sessionOptions(
  provider: Provider,
  threads?: number,
): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  };
}

/** @param model Bytes, or the path of a file, which onnxruntime reads in two thirds of the time */
export async function openSession(
  model: Uint8Array | string,
  { extra, ...options }: ort.InferenceSession.SessionOptions,
): Promise<GraphSession> {
  const resting = { ...options, extra: { ...extra, ...RESTING } };
  const session =
    typeof model === 'string'
      ? ort.InferenceSession.create(model, resting)
      : ort.InferenceSession.create(model, resting);
  return new OnnxSession(await session);
}

export class OnnxSession implements GraphSession {
  readonly #session: ort.InferenceSession;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  async run(feeds: TensorMap, outputs?: TensorMap, wanted?: readonly string[]): Promise<TensorMap> {
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const name of wanted ?? this.#session.outputNames)
      fetches[name] = outputs?.[name] ? toOrt(outputs[name]) : null;
    const feedTensors = Object.fromEntries(
      Object.entries(feeds).map(([name, value]) => [name, toOrt(value)]),
    );
    const results = await this.#session.run(feedTensors, fetches);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, fromOrt(tensor)]),
    );
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

const wrapped = new WeakMap<TensorArray, ort.Tensor>();

/** Wraps without copying; the wrapper is kept with its array, since state is fed again at every step. */
function toOrt(value: TensorValue): ort.Tensor {
  const known = wrapped.get(value.data);
  if (known !== undefined && known.type === value.dtype && sameShape(known.dims, value.shape))
    return known;
  const tensor = new ort.Tensor(value.dtype, value.data as Float32Array, value.shape);
  wrapped.set(value.data, tensor);
  return tensor;
}

function fromOrt(tensor: ort.Tensor): TensorValue {
  return {
    dtype: tensor.type as TensorValue['dtype'],
    shape: tensor.dims,
    data: arrayOf(tensor),
  };
}

/** Halves as their bits: newer versions of JavaScript have an array of their own for them. */
function arrayOf({ type, data }: ort.Tensor): TensorArray {
  if (type !== 'float16' || data instanceof Uint16Array) return data as TensorArray;
  const { buffer, byteOffset, length } = data as unknown as Float32Array;
  return new Uint16Array(buffer, byteOffset, length);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
