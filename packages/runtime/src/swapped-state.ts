/**
 * @file The state of a repeated graph in preallocated buffers: a run reads one and writes another, or the same where
 * the link allows that.
 */
import type {
  GraphSession,
  StatefulSession,
  StateLinks,
  TensorArray,
  TensorMap,
  TensorValue,
} from '@plumbline/contracts';

export class SwappedState implements StatefulSession {
  readonly #session: GraphSession;
  readonly #links: StateLinks;
  /** By input name. */
  #current: TensorMap;
  /** What the next run writes; values in place are in both. */
  #spare: TensorMap;

  constructor(session: GraphSession, links: StateLinks, start: TensorMap) {
    this.#session = session;
    this.#links = links;
    this.#current = Object.fromEntries(
      Object.keys(links).map((name) => [name, required(start, name)]),
    );
    this.#spare = Object.fromEntries(
      Object.entries(links).map(([name, { inPlace }]) => {
        const value = required(start, name);
        return [name, inPlace ? value : { ...value, data: sameSize(value.data) }];
      }),
    );
  }

  async step(feeds: TensorMap, wanted: readonly string[]): Promise<TensorMap> {
    const all = { ...feeds, ...this.#current };
    const links = Object.entries(this.#links);
    const result = await this.#session.run(
      Object.fromEntries(
        this.#session.inputNames.map((name) => [name, required(all, name)] as const),
      ),
      Object.fromEntries(
        links.map(([input, { output }]) => [output, required(this.#spare, input)] as const),
      ),
      [...links.map(([, { output }]) => output), ...wanted],
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

/** An array of the same type and length. */
function sameSize(data: TensorArray): TensorArray {
  if (data instanceof Float32Array) return new Float32Array(data.length);
  if (data instanceof Int32Array) return new Int32Array(data.length);
  if (data instanceof BigInt64Array) return new BigInt64Array(data.length);
  return new Uint8Array(data.length);
}

function required(values: TensorMap, name: string): TensorValue {
  const value = values[name];
  if (value === undefined) throw new Error(`No value was given for "${name}".`);
  return value;
}
