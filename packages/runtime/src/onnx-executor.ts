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
  type TensorMap,
} from '@plumbline/contracts/graphs';
import { chooseProvider } from './choose-provider.ts';
import { DeviceState } from './device-state.ts';
import { OnnxSession, openSession, sessionOptions } from './onnx-session.ts';
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
 * How long a thread turns while it waits for the next node of a training step: longer, and two that were put on one core beside other
 * programs hold each other up; shorter, and waking it takes its time (docs/training-engine.md).
 */
const STEPPING = { session: { intra_op: { spin_duration_us: '200' } } } as const;

class OnnxExecutor implements Executor {
  readonly provider: Provider;
  readonly #threads: number | undefined;

  constructor(provider: Provider, threads: number | undefined) {
    this.provider = provider;
    this.#threads = threads;
  }

  load(model: Uint8Array): Promise<GraphSession> {
    return openSession(model, this.#options());
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
      const options = { ...this.#options(), enableMemPattern: false, extra: STEPPING };
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
      ...sessionOptions(this.provider, this.#threads),
      ...(this.provider === 'webgpu' ? { extra: WITHOUT_GEMM } : {}),
    };
  }
}
