/** @file The frozen graph of a program that runs as it is: an executor of graphs computes it before the body. */
import type { Executor, GraphSession, TensorMap } from '@plumbline/contracts';
import type { FrozenGraph, TensorProgram } from '../trace/index.ts';

export class FrozenSession {
  readonly #graph: FrozenGraph;
  readonly #session: GraphSession;

  private constructor(graph: FrozenGraph, session: GraphSession) {
    this.#graph = graph;
    this.#session = session;
  }

  /** @returns null for a program that has none. */
  static async open(
    graphs: Executor,
    { frozen }: Pick<TensorProgram, 'frozen'>,
  ): Promise<FrozenSession | null> {
    return frozen === undefined ? null : new FrozenSession(frozen, await graphs.load(frozen.model));
  }

  /** The outputs of the graph, from what the program is fed. */
  run(feeds: TensorMap): Promise<TensorMap> {
    const inputs = Object.entries(this.#graph.inputs).map(([input, name]) => {
      const value = feeds[name];
      if (value === undefined) throw new Error(`No value was given for "${name}".`);
      return [input, value] as const;
    });
    return this.#session.run(Object.fromEntries(inputs));
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
