/**
 * @file When a stage's state is saved. A state is written only once the loss that the next step computes from it has
 * turned out to be a number, so that the checkpoint that a diverging run leaves behind is a good one. What checkpoints
 * cost decides how often they are made: a hundredth of the time, at most.
 */
import type { StageState } from './training-run.ts';

const LEAST_WAIT_MS = 10_000;
/** Of what a checkpoint took, copying and writing, passes between two. */
const WAIT_TIMES = 100;

export interface StageCheckpointsOptions {
  save(state: StageState): Promise<void>;
  /** Between two checkpoints, whatever they cost; paced by cost when absent. */
  readonly everyMs?: number | undefined;
  /** Milliseconds on any clock; `performance.now` when absent. */
  now?(): number;
}

interface Candidate {
  readonly state: StageState;
  /** That copying it took. */
  readonly readMs: number;
}

export class StageCheckpoints {
  readonly #options: StageCheckpointsOptions;
  #dueAt: number;
  #candidate: Candidate | null = null;

  constructor(options: StageCheckpointsOptions) {
    this.#options = options;
    this.#dueAt = this.#now() + (options.everyMs ?? LEAST_WAIT_MS);
  }

  /**
   * To be called after each step with a finite loss: what was captured before it is sound.
   * @param read Copies the state.
   */
  async afterStep(read: () => Promise<StageState>): Promise<void> {
    if (this.#candidate !== null) await this.#save(this.#candidate);
    if (this.#now() < this.#dueAt) return;
    const startedAt = this.#now();
    const state = await read();
    this.#candidate = { state, readMs: this.#now() - startedAt };
  }

  async #save({ state, readMs }: Candidate): Promise<void> {
    const startedAt = this.#now();
    await this.#options.save(state);
    this.#candidate = null;
    const { everyMs = Math.max(LEAST_WAIT_MS, WAIT_TIMES * (readMs + this.#now() - startedAt)) } =
      this.#options;
    this.#dueAt = this.#now() + everyMs;
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}
