/**
 * @file What runs an ONNX graph, as seen by those that build graphs. `runtime` implements it on onnxruntime-node,
 * and the app hands it to `model`, so that the two never import each other.
 */

export type TensorDtype = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool';
export type TensorArray = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** Row-major values with their shape. `bool` is a `Uint8Array` of 0 and 1. */
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

export interface Executor {
  /** `cpu`, `webgpu` or `cuda`. */
  readonly provider: string;
  load(model: Uint8Array): Promise<GraphSession>;
}
