/**
 * @file Slows down whoever guesses passwords: for each name one attempt at a time, and a wrong one takes a second. Nobody is locked
 * out for good by another's guesses.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@plumbline/contracts';

export interface GuessBrakeOptions {
  /** After a wrong guess. */
  readonly delayMs?: number;
  /** Attempts that wait, for one name. */
  readonly mostForOne?: number;
  /** And for all together: each takes 32 MB while it is computed. */
  readonly mostInAll?: number;
}

export class GuessBrake {
  readonly #options: Required<GuessBrakeOptions>;
  readonly #queues = new Map<string, { waiting: number; last: Promise<unknown> }>();
  #inAll = 0;

  constructor({ delayMs = 1_000, mostForOne = 3, mostInAll = 20 }: GuessBrakeOptions = {}) {
    this.#options = { delayMs, mostForOne, mostInAll };
  }

  /**
   * @param guess null when it was wrong
   * @throws DomainError TOO_MANY when too many wait already
   */
  async attempt<Result>(name: string, guess: () => Promise<Result | null>): Promise<Result | null> {
    const { delayMs, mostForOne, mostInAll } = this.#options;
    const queue = this.#queues.get(name) ?? { waiting: 0, last: Promise.resolve() };
    if (queue.waiting >= mostForOne || this.#inAll >= mostInAll) {
      throw new DomainError('TOO_MANY', 'Too many people try to sign in at the moment.', {
        fix: 'Try again in a few seconds.',
      });
    }
    queue.waiting += 1;
    this.#inAll += 1;
    this.#queues.set(name, queue);
    const turn = queue.last.then(async () => {
      const result = await guess();
      if (result === null) await sleep(delayMs, undefined, { ref: false });
      return result;
    });
    queue.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      queue.waiting -= 1;
      this.#inAll -= 1;
      if (queue.waiting === 0) this.#queues.delete(name);
    }
  }
}
