/**
 * @file What runs an ONNX graph, as seen by those that build graphs. `runtime` implements it on onnxruntime-node,
 * and the app hands it to `model`, so that the two never import each other.
 */

export type TensorDtype = 'float32' | 'float16' | 'int32' | 'int64' | 'uint8' | 'bool';
export type TensorArray = Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

/** Row-major values with their shape. `float16` is a `Uint16Array` of IEEE 754 binary16, `bool` a `Uint8Array` of 0 and 1. */
export interface TensorValue {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly data: TensorArray;
}

export type TensorMap = Record<string, TensorValue>;

export interface GraphSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the graph once.
   * @param feeds A value for every input.
   * @param outputs Preallocated values that outputs of the same name are written into (three times faster for state).
   * @param wanted Output names to compute; all when absent.
   */
  run(feeds: TensorMap, outputs?: TensorMap, wanted?: readonly string[]): Promise<TensorMap>;
  release(): Promise<void>;
}

export interface StateLink {
  /** The output that is fed to the input the next time. */
  readonly output: string;
  /**
   * The output may be written over the input: whatever reads the input is computed before the output, or reads and
   * writes it element by element.
   */
  readonly inPlace: boolean;
}

/** The links of a graph's state, by input name. */
export type StateLinks = Readonly<Record<string, StateLink>>;

/**
 * A graph that is run again and again on what it made of its own state: a training step. The state stays where the
 * executor computes: in buffers written in place or swapped, or in the memory of a device.
 */
export interface StatefulSession {
  /**
   * Runs the graph once; the state is then the linked outputs.
   * @param feeds Inputs that are not state; those that the graph has no use for are left out.
   * @param wanted Outputs to return; none of them is a linked one.
   */
  step(feeds: TensorMap, wanted: readonly string[]): Promise<TensorMap>;
  /** The state by input name. The arrays are valid until the next step. */
  readState(): Promise<TensorMap>;
  release(): Promise<void>;
}

export interface Executor {
  /** What computes, as it is shown to people: `cpu`, `webgpu`, `cuda`, `tfjs-node` … */
  readonly provider: string;
  load(model: Uint8Array): Promise<GraphSession>;
  /** @param start First values of the state, by input name. The session takes the arrays over and writes to them. */
  loadStateful(model: Uint8Array, links: StateLinks, start: TensorMap): Promise<StatefulSession>;
}
