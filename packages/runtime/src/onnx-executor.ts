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
} from '@plumbline/contracts';
import * as ort from 'onnxruntime-node';
import { DeviceState } from './device-state.ts';
import { SwappedState } from './swapped-state.ts';

export type Provider = 'cpu' | 'webgpu' | 'cuda';

export interface ExecutorOptions {
  /** `auto` tries cuda, webgpu, cpu in this order. Default `cpu`. */
  readonly provider?: Provider | 'auto';
  /** Threads within an operator; onnxruntime's choice (all cores) when absent. */
  readonly threads?: number;
}

/** An executor on the provider asked for. */
export async function createExecutor(options: ExecutorOptions = {}): Promise<Executor> {
  const wanted = options.provider ?? 'cpu';
  const candidates: Provider[] = wanted === 'auto' ? ['cuda', 'webgpu', 'cpu'] : [wanted];
  const failures: string[] = [];
  for (const provider of candidates) {
    const failure = provider === 'cpu' ? null : await probeProvider(provider);
    if (failure === null) return new OnnxExecutor(provider, options.threads);
    failures.push(`${provider}: ${failure}`);
  }
  throw new DomainError(
    'UNAVAILABLE',
    `No execution provider works here (${failures.join('; ')}).`,
    {
      fix: 'Use the provider "cpu", or see what `plumb doctor` says about the others.',
    },
  );
}

/** Why a provider can't be used here, or null when a small graph ran on it. */
export async function probeProvider(provider: Provider): Promise<string | null> {
  try {
    const session = await ort.InferenceSession.create(IDENTITY_MODEL, {
      executionProviders: [provider],
      logSeverityLevel: 4,
    });
    await session.run({ x: new ort.Tensor('float32', new Float32Array(1), [1]) });
    await session.release();
    return null;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'failed';
  }
}

/** y = Identity(x), float32 `[1]`, opset 13: made once by `GraphBuilder`. */
const IDENTITY_MODEL = Uint8Array.from(
  Buffer.from(
    'CAkSCXBsdW1ibGluZTpDChwKAXgSAXkaCklkZW50aXR5XzAiCElkZW50aXR5EgFwWg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUICEA0=',
    'base64',
  ),
);

class OnnxExecutor implements Executor {
  readonly provider: Provider;
  readonly #threads: number | undefined;

  constructor(provider: Provider, threads: number | undefined) {
    this.provider = provider;
    this.#threads = threads;
  }

  async load(model: Uint8Array): Promise<GraphSession> {
    return new OnnxSession(await ort.InferenceSession.create(model, this.#options()));
  }

  /** With `webgpu` the state stays on the device; elsewhere it is written into preallocated, swapped buffers. */
  async loadStateful(
    model: Uint8Array,
    links: StateLinks,
    start: TensorMap,
  ): Promise<StatefulSession> {
    if (this.provider !== 'webgpu') return new SwappedState(await this.load(model), links, start);
    const session = await ort.InferenceSession.create(model, {
      ...this.#options(),
      preferredOutputLocation: Object.fromEntries(
        Object.values(links).map((output) => [output, 'gpu-buffer' as const]),
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
    data: tensor.data as TensorArray,
  };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
