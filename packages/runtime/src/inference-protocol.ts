/** @file Messages between the inference host and its child process. */

export interface InspectRequest {
  /** `scores`: without the anomaly map. `map`: with it. `normal`: the picture of what the model expects. */
  readonly type: 'scores' | 'map' | 'normal';
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** RGB, `[height, width, 3]`. */
  readonly data: Uint8Array;
  /** `ignoreNumber` of the image's category; of no use to a graph without ignore regions. */
  readonly ignore: number;
  /** Of the decoder's graph, for `normal`; empty otherwise. */
  readonly decoder: string;
}

export type HostMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly imageScore: number;
      /** Empty unless asked for. */
      readonly anomalyMap: Float32Array;
      readonly mapHeight: number;
      readonly mapWidth: number;
      /** What the image's category is found by; null when the graph has no such output. */
      readonly categoryDescriptor: Float32Array | null;
      readonly milliseconds: number;
    }
  | {
      readonly type: 'picture';
      readonly id: number;
      readonly width: number;
      readonly height: number;
      /** RGB, `[height, width, 3]`. */
      readonly data: Uint8Array;
    }
  | { readonly type: 'error'; readonly id: number; readonly message: string };
