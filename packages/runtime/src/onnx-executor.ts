/**
 * @file Runs ONNX graphs with onnxruntime-node. `run()` holds the thread for as long as it computes, so only child
 * processes (the trainer's, the inference host's) create sessions.
 */
import {
  DomainError,
  type Executor,
  type GraphSession,
  type StatefulSession,
  type StateLinks,
  type TensorArray,
  type TensorMap,
  type TensorValue,
} from '@plumbline/contracts/graphs';
import { chooseProvider } from './choose-provider.ts';
import { DeviceState } from './device-state.ts';
import * as ort from './onnxruntime.ts';
import { probeProvider } from './probe-provider.ts';
import type { Provider } from './provider.ts';
import { SwappedState } from './swapped-state.ts';

export interface ExecutorOptions {
  /** `auto` takes the first of webgpu, cuda and cpu that works and helps. Default `cpu`. */
  readonly provider?: Provider | 'auto';
  /** Threads within an operator; onnxruntime's choice (all cores) when absent. */
  readonly threads?: number;
}

/**
 * An executor on the provider asked for.
 * @throws DomainError UNAVAILABLE when it does not work here.
 */
export async function createExecutor(options: ExecutorOptions = {}): Promise<Executor> {
  const wanted = options.provider ?? 'cpu';
  const provider = wanted === 'auto' ? (await chooseProvider()).provider : wanted;
  if (wanted === 'cuda' || wanted === 'webgpu') await assertUsable(wanted);
  return new OnnxExecutor(provider, options.threads);
}

async function assertUsable(provider: Provider): Promise<void> {
  const report = await probeProvider(provider);
  if (report.ok) return;
  throw new DomainError(
    'UNAVAILABLE',
    `The execution provider "${provider}" does not work here: ${report.reason}.`,
    { fix: `Use "cpu". ${report.fix ?? ''}` },
  );
}

/**
 * Keeps every buffer that a run has given back for the next one. By default a few of each size are kept, and the others
 * of a training step are allocated anew each time, which takes longer than computing it. Not for graphs whose shapes
 * change, where it would keep buffers of each. The first session of a process decides for those beside it.
 */
const WEBGPU_KEEPING_BUFFERS = { name: 'webgpu', storageBufferCacheMode: 'simple' } as const;

/** Products and additions stay apart: joined into a Gemm with a transposed factor they take 2.5 times as long on `webgpu`. */
const WITHOUT_GEMM = { optimization: { disable_specified_optimizers: 'MatMulAddFusion' } } as const;

/**
 * Between two runs the threads of a session sleep. By default they go on turning for a while, on cores that decode the next image
 * meanwhile. A training step follows the one before it at once, so that it is left as it is there.
 */
const RESTING = { session: { force_spinning_stop: '1' } } as const;

class OnnxExecutor implements Executor {
  readonly provider: Provider;
  readonly #threads: number | undefined;

  constructor(provider: Provider, threads: number | undefined) {
    this.provider = provider;
    this.#threads = threads;
  }

  async load(model: Uint8Array): Promise<GraphSession> {
    const { extra, ...options } = this.#options();
    const session = { ...options, extra: { ...extra, ...RESTING } };
    return new OnnxSession(await ort.InferenceSession.create(model, session));
  }

  /**
   * With `webgpu` the state stays on the device; elsewhere it is written into preallocated buffers. A training step holds
   * much more at its height than at other times; planned as one block besides what the first run took, that is half
   * as much memory again, and no faster (docs/training-engine.md).
   */
  async loadStateful(
    model: Uint8Array,
    links: StateLinks,
    start: TensorMap,
  ): Promise<StatefulSession> {
    if (this.provider !== 'webgpu') {
      const options = { ...this.#options(), enableMemPattern: false };
      const session = new OnnxSession(await ort.InferenceSession.create(model, options));
      return new SwappedState(session, links, start);
    }
    const session = await ort.InferenceSession.create(model, {
      ...this.#options(),
      executionProviders: [WEBGPU_KEEPING_BUFFERS],
      preferredOutputLocation: Object.fromEntries(
        Object.values(links).map(({ output }) => [output, 'gpu-buffer' as const]),
      ),
    });
    return new DeviceState(session, links, start);
  }

  #options(): ort.InferenceSession.SessionOptions {
    return {
      executionProviders: [this.provider],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(this.#threads === undefined ? {} : { intraOpNumThreads: this.#threads }),
      ...(this.provider === 'webgpu' ? { extra: WITHOUT_GEMM } : {}),
    };
  }
}

class OnnxSession implements GraphSession {
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
