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
import * as ort from './onnxruntime.ts';

/**
 * y = x, float32 of any shape: run on the device, it brings a value to the host. (`Tensor.getData()` of onnxruntime-node
 * 1.30 ends the process.) Made once by `encodeModelProto`.
 */
const READER = Uint8Array.from(
  Buffer.from(
    'CAk6MQoTCgF4EgF5GgFpIghJZGVudGl0eRIEcmVhZFoJCgF4EgQKAggBYgkKAXkSBAoCCAFCAhAU',
    'base64',
  ),
);

export class DeviceState implements StatefulSession {
  readonly #session: ort.InferenceSession;
  readonly #links: StateLinks;
  #reader: ort.InferenceSession | null = null;
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
      ...links.map(([, link]) => link.output),
      ...wanted,
    ]);
    for (const tensor of Object.values(this.#state)) tensor.dispose();
    this.#state = Object.fromEntries(
      links.map(([input, link]) => [input, results[link.output] as ort.Tensor]),
    );
    return Object.fromEntries(
      wanted.map((name) => [name, fromOrt(results[name] as ort.Tensor)] as const),
    );
  }

  async readState(): Promise<TensorMap> {
    this.#reader ??= await ort.InferenceSession.create(READER, {
      executionProviders: ['webgpu'],
      logSeverityLevel: 3,
    });
    const values: TensorMap = {};
    for (const [name, x] of Object.entries(this.#state)) {
      const { y } = await this.#reader.run({ x });
      values[name] = fromOrt(y as ort.Tensor);
    }
    return values;
  }

  async release(): Promise<void> {
    for (const tensor of Object.values(this.#state)) tensor.dispose();
    this.#state = {};
    await this.#reader?.release();
    await this.#session.release();
  }
}

function toOrt(name: string, value: TensorValue | undefined): ort.Tensor {
  if (value === undefined) throw new Error(`No value was given for "${name}".`);
  return new ort.Tensor(value.dtype, value.data as Float32Array, value.shape);
}

function fromOrt(tensor: ort.Tensor): TensorValue {
  return {
    dtype: tensor.type as TensorValue['dtype'],
    shape: tensor.dims,
    data: tensor.data as TensorArray,
  };
}
