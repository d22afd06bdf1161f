/**
 * @file When a level's state is saved. A state is written only once the loss that the next step computes from it has
 * turned out to be a number, so that the checkpoint that a diverging run leaves behind is a good one.
 */
import { DomainError } from '@plumbline/contracts';
import type { Plateau } from './early-stopping.ts';
import type { LevelState, StateView } from './fit-level.ts';

export interface SavedLevel extends LevelState {
  readonly plateau: Plateau | null;
}

export class LevelCheckpoints {
  readonly #save: (state: SavedLevel) => Promise<void>;
  readonly #everyMs: number;
  #savedAt = performance.now();
  #candidate: SavedLevel | null = null;

  constructor(everyMs: number, save: (state: SavedLevel) => Promise<void>) {
    this.#everyMs = everyMs;
    this.#save = save;
  }

  /** To be called after each step with a finite loss: what was captured before it is sound. */
  async afterStep(state: StateView, plateau: Plateau | null): Promise<void> {
    if (this.#candidate !== null) {
      await this.#save(this.#candidate);
      this.#candidate = null;
      this.#savedAt = performance.now();
    }
    if (performance.now() - this.#savedAt >= this.#everyMs)
      this.#candidate = { ...copyOf(await state.read()), plateau };
  }

  /** Saves the level's last state. @throws DomainError when it holds a number that is none. */
  async finish(state: StateView, plateau: Plateau | null, tap: string): Promise<void> {
    const last = await state.read();
    if (!last.weights.every(Number.isFinite)) throw divergedError('weights', tap, last.step);
    await this.#save({ ...last, plateau });
  }
}

/** Training that left the numbers. */
export function divergedError(what: string, tap: string, step: number): DomainError {
  return new DomainError(
    'INVALID_INPUT',
    `The ${what} of level ${tap} left the finite numbers at step ${step}.`,
    {
      field: 'rlr.learningRate',
      fix: 'Choose a lower learning rate, and check that the training images are what they should be. The last good checkpoint is kept.',
    },
  );
}

function copyOf(state: LevelState): LevelState {
  return {
    step: state.step,
    weights: state.weights.slice(),
    firstMoment: state.firstMoment.slice(),
    secondMoment: state.secondMoment.slice(),
  };
}
