/**
 * @file Runs tensor programs as they are on a TensorFlow.js backend: the same method code that is recorded elsewhere.
 * What is a graph already (a backbone from an ONNX file, an exported model) goes to an executor of graphs.
 */
import type {
  Executor,
  StatefulSession,
  StateLinks,
  TensorArray,
  TensorMap,
  TensorValue,
} from '@plumbline/contracts';
import '../trace/gradients/index.ts';
import {
  clone,
  dispose,
  getBackend,
  keep,
  setBackend,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { TensorProgram } from '../trace/index.ts';
import { FrozenSession } from './frozen-session.ts';
import type { ProgramExecutor, ProgramSession } from './load-program.ts';
import { openTfjsBackend, type TfjsBackend, type TfjsBackendName } from './tfjs-backend.ts';

export interface EagerExecutorOptions {
  /** The first that works when absent. */
  readonly backend?: TfjsBackendName;
  /** Runs what is a graph already. */
  readonly graphs: Executor;
}

/** @throws DomainError UNAVAILABLE when no backend, or not the one that is named, works here. */
export function createEagerExecutor(options: EagerExecutorOptions): ProgramExecutor {
  const backend = openTfjsBackend(options.backend);
  const { graphs } = options;
  return {
    provider: backend.name,
    load: (model) => graphs.load(model),
    loadStateful: (model, links, start) => graphs.loadStateful(model, links, start),
    loadProgram: async (program) =>
      new EagerSession(backend, program, await FrozenSession.open(graphs, program)),
    loadStatefulProgram: async (program, links, start) =>
      new EagerState(backend, program, {
        ...{ links, start },
        frozen: await FrozenSession.open(graphs, program),
      }),
  };
}

/** Runs `compute` with `backend` as TensorFlow.js' current one. */
function on<T>(backend: TfjsBackend, compute: () => T): T {
  const previous = getBackend();
  setBackend(backend.registered);
  try {
    return compute();
  } finally {
    if (previous) setBackend(previous);
  }
}

class EagerSession implements ProgramSession {
  readonly inputNames: readonly string[];
  readonly #backend: TfjsBackend;
  readonly #program: TensorProgram;
  readonly #frozen: FrozenSession | null;

  constructor(backend: TfjsBackend, program: TensorProgram, frozen: FrozenSession | null) {
    this.#backend = backend;
    this.#program = program;
    this.#frozen = frozen;
    this.inputNames = Object.keys(program.inputs);
  }

  async run(feeds: TensorMap): Promise<TensorMap> {
    const given = { ...feeds, ...(await this.#frozen?.run(feeds)) };
    return on(this.#backend, () => {
      const outputs = tidy(() => ({ ...this.#program.body(toTensors(this.#program, given)) }));
      return readAndDispose(outputs);
    });
  }

  async release(): Promise<void> {
    await this.#frozen?.release();
  }
}

interface EagerStart {
  readonly links: StateLinks;
  readonly start: TensorMap;
  readonly frozen: FrozenSession | null;
}

/** State as tensors, which stay where the backend computes. */
class EagerState implements StatefulSession {
  readonly #backend: TfjsBackend;
  readonly #program: TensorProgram;
  readonly #links: StateLinks;
  readonly #frozen: FrozenSession | null;
  #state: Record<string, Tensor>;

  constructor(backend: TfjsBackend, program: TensorProgram, { links, start, frozen }: EagerStart) {
    this.#backend = backend;
    this.#program = program;
    this.#links = links;
    this.#frozen = frozen;
    this.#state = on(backend, () =>
      Object.fromEntries(
        // A copy: the CPU backend computes on the very array it is given.
        Object.keys(links).map((name) => [name, toTensor(name, copyOf(start[name]))]),
      ),
    );
  }

  async step(feeds: TensorMap, wanted: readonly string[]): Promise<TensorMap> {
    const given = { ...feeds, ...(await this.#frozen?.run(feeds)) };
    return on(this.#backend, () => {
      const { next, rest } = tidy(() => {
        const outputs = this.#program.body({
          ...toTensors(this.#program, given, this.#state),
          ...this.#state,
        });
        const output = (name: string): Tensor => {
          const found = outputs[name];
          if (found === undefined) throw new Error(`The program has no output "${name}".`);
          return found;
        };
        const state = Object.entries(this.#links).map(
          ([name, link]) => [name, keep(clone(output(link.output)))] as const,
        );
        return {
          next: Object.fromEntries(state),
          rest: Object.fromEntries(wanted.map((name) => [name, output(name)])),
        };
      });
      dispose(this.#state);
      this.#state = next;
      return readAndDispose(rest);
    });
  }

  async readState(): Promise<TensorMap> {
    return on(this.#backend, () =>
      Object.fromEntries(Object.entries(this.#state).map(([name, x]) => [name, fromTensor(x)])),
    );
  }

  async release(): Promise<void> {
    on(this.#backend, () => dispose(this.#state));
    this.#state = {};
    await this.#frozen?.release();
  }
}

/** Tensors for the program's inputs and what its frozen graph gives, those of `besides` left out. */
function toTensors(
  program: TensorProgram,
  feeds: TensorMap,
  besides: Readonly<Record<string, unknown>> = {},
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.keys({ ...program.inputs, ...program.frozen?.outputs })
      .filter((name) => !(name in besides))
      .map((name) => [name, toTensor(name, feeds[name])]),
  );
}

function toTensor(name: string, value: TensorValue | undefined): Tensor {
  if (value === undefined) throw new Error(`No value was given for "${name}".`);
  const { dtype, data, shape } = value;
  const isMissing = dtype === 'int64' || dtype === 'uint8' || dtype === 'float16';
  if (isMissing || data instanceof BigInt64Array)
    throw new Error(`TensorFlow.js has no dtype ${dtype} ("${name}").`);
  return tensor(data, [...shape], dtype);
}

function copyOf(value: TensorValue | undefined): TensorValue | undefined {
  return value === undefined ? undefined : { ...value, data: value.data.slice() };
}

function readAndDispose(tensors: Readonly<Record<string, Tensor>>): TensorMap {
  const values = Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => [name, fromTensor(x)]),
  );
  dispose({ ...tensors });
  return values;
}

function fromTensor(x: Tensor): TensorValue {
  if (x.dtype !== 'float32' && x.dtype !== 'int32' && x.dtype !== 'bool')
    throw new Error(`An output has dtype ${x.dtype}.`);
  return { dtype: x.dtype, shape: x.shape, data: x.dataSync() as TensorArray };
}
