/**
 * @file When a stage's state is saved. A state is written only once the loss that the next step computes from it has
 * turned out to be a number, so that the checkpoint that a diverging run leaves behind is a good one.
 */
import type { StageState } from './training-run.ts';

export class StageCheckpoints {
  readonly #save: (state: StageState) => Promise<void>;
  readonly #everyMs: number;
  #savedAt = performance.now();
  #candidate: StageState | null = null;

  constructor(everyMs: number, save: (state: StageState) => Promise<void>) {
    this.#everyMs = everyMs;
    this.#save = save;
  }

  /**
   * To be called after each step with a finite loss: what was captured before it is sound.
   * @param read Copies the state.
   */
  async afterStep(read: () => Promise<StageState>): Promise<void> {
    if (this.#candidate !== null) {
      await this.#save(this.#candidate);
      this.#candidate = null;
      this.#savedAt = performance.now();
    }
    if (performance.now() - this.#savedAt >= this.#everyMs) this.#candidate = await read();
  }
}
