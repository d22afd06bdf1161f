/**
 * @file The state of a repeated graph in the memory of a device: the linked outputs of one run are the inputs of the
 * next, and no value of them crosses to the host until it is asked for.
 */
import type {
  StatefulSession,
  StateLinks,
  TensorArray,
  TensorMap,
  TensorValue,
} from '@plumbline/contracts';
import * as ort from 'onnxruntime-node';

export class DeviceState implements StatefulSession {
  readonly #session: ort.InferenceSession;
  readonly #links: StateLinks;
  /** By input name; on the host before the first step, on the device after it. */
  #state: Record<string, ort.Tensor>;

  constructor(session: ort.InferenceSession, links: StateLinks, start: TensorMap) {
    this.#session = session;
    this.#links = links;
    this.#state = Object.fromEntries(
      Object.keys(links).map((name) => [name, toOrt(name, start[name])]),
    );
  }

  async step(feeds: TensorMap, wanted: readonly string[]): Promise<TensorMap> {
    const all: Record<string, ort.Tensor> = { ...this.#state };
    for (const name of this.#session.inputNames) all[name] ??= toOrt(name, feeds[name]);
    const inputs = Object.fromEntries(this.#session.inputNames.map((name) => [name, all[name]]));
    const links = Object.entries(this.#links);
    const results = await this.#session.run(inputs as ort.InferenceSession.FeedsType, [
      ...links.map(([, output]) => output),
      ...wanted,
    ]);
    for (const tensor of Object.values(this.#state)) tensor.dispose();
    this.#state = Object.fromEntries(
      links.map(([input, output]) => [input, results[output] as ort.Tensor]),
    );
    return Object.fromEntries(
      wanted.map((name) => [name, fromOrt(results[name] as ort.Tensor)] as const),
    );
  }

  async readState(): Promise<TensorMap> {
    const entries = Object.entries(this.#state).map(async ([name, tensor]) => {
      const data = (await tensor.getData()) as TensorArray;
      return [name, { ...fromOrt(tensor, data) }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  async release(): Promise<void> {
    for (const tensor of Object.values(this.#state)) tensor.dispose();
    this.#state = {};
    await this.#session.release();
  }
}

function toOrt(name: string, value: TensorValue | undefined): ort.Tensor {
  if (value === undefined) throw new Error(`No value was given for "${name}".`);
  return new ort.Tensor(value.dtype, value.data as Float32Array, value.shape);
}

function fromOrt(tensor: ort.Tensor, data = tensor.data as TensorArray): TensorValue {
  return { dtype: tensor.type as TensorValue['dtype'], shape: tensor.dims, data };
}
