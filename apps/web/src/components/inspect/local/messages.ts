/** @file What the page and the worker that runs a bundle say to each other. */
import type { ErrorBody, Prediction } from '@plumbline/contracts';

export interface LocalTarget {
  readonly model: string;
  readonly version: number;
}

/** Nothing of it is recorded, so it has no inspection to judge. */
export type LocalPrediction = Omit<Prediction, 'inspection' | 'mask'>;

export interface LoadProgress {
  readonly part: 'manifest' | 'model' | 'session';
  /** Of `part` model. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** What computes: the graphics card, or the processor by WebAssembly. */
export type LocalProvider = 'webgpu' | 'wasm';

export type ToWorker =
  | { readonly kind: 'load'; readonly target: LocalTarget }
  | {
      readonly kind: 'inspect';
      readonly id: number;
      readonly image: Blob;
      /** Absent: found from the image. */
      readonly category: string | undefined;
    };

export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  | { readonly kind: 'ready'; readonly provider: LocalProvider }
  | { readonly kind: 'failed'; readonly error: ErrorBody }
  | { readonly kind: 'inspected'; readonly id: number; readonly prediction: LocalPrediction }
  | { readonly kind: 'refused'; readonly id: number; readonly error: ErrorBody };
