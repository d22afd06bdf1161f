/** @file Where a fit was when it was last saved. */

/** All randomness follows from the seed and these numbers. */
export interface FitState {
  /** Hash of everything that the numbers depend on; the state of another fit is not taken up. */
  readonly fingerprint: string;
  /** What is being trained: a feature level, for one. */
  readonly stage: string;
  /** Steps taken in it. */
  readonly step: number;
  /** Numbers of the stage by name (`weights`, the optimizers' slots, `buffers/…`, `losses`), and of finished stages. */
  readonly tensors: Readonly<Record<string, Float32Array>>;
  readonly facts: Readonly<Record<string, number>>;
}

/** Hashes of what a fit is of. */
export interface DataHashes {
  readonly backbone: string;
  /** Of the graph from images to features. */
  readonly features: string;
  readonly dataset: string;
}

export interface CheckpointStore {
  /** Part of the fingerprint: a state that was made of other data is not taken up. */
  readonly data: DataHashes;
  load(): Promise<FitState | null>;
  /** Must be atomic: after a crash either the old or the new one is there. */
  save(state: FitState): Promise<void>;
}

/** For a fit that nobody goes on with. */
export const NO_CHECKPOINTS: CheckpointStore = {
  data: { backbone: '', features: '', dataset: '' },
  load: async () => null,
  save: async () => {},
};
