/** @file The state of a repeated graph in two sets of buffers: a run reads the one and writes the other. */
import type {
  GraphSession,
  StatefulSession,
  StateLinks,
  TensorMap,
  TensorValue,
} from '@plumbline/contracts';

export class SwappedState implements StatefulSession {
  readonly #session: GraphSession;
  readonly #links: StateLinks;
  /** By input name. */
  #current: TensorMap;
  #spare: TensorMap;

  constructor(session: GraphSession, links: StateLinks, start: TensorMap) {
    this.#session = session;
    this.#links = links;
    const copies = () =>
      Object.fromEntries(Object.keys(links).map((name) => [name, copyOf(name, start)]));
    this.#current = copies();
    this.#spare = copies();
  }

  async step(feeds: TensorMap, wanted: readonly string[]): Promise<TensorMap> {
    const all = { ...feeds, ...this.#current };
    const links = Object.entries(this.#links);
    const result = await this.#session.run(
      Object.fromEntries(
        this.#session.inputNames.map((name) => [name, required(all, name)] as const),
      ),
      Object.fromEntries(links.map(([input, output]) => [output, required(this.#spare, input)])),
      [...links.map(([, output]) => output), ...wanted],
    );
    [this.#current, this.#spare] = [this.#spare, this.#current];
    return Object.fromEntries(wanted.map((name) => [name, required(result, name)]));
  }

  async readState(): Promise<TensorMap> {
    return this.#current;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function copyOf(name: string, values: TensorMap): TensorValue {
  const value = required(values, name);
  return { ...value, data: value.data.slice() };
}

function required(values: TensorMap, name: string): TensorValue {
  const value = values[name];
  if (value === undefined) throw new Error(`No value was given for "${name}".`);
  return value;
}
