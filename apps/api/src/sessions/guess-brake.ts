/**
 * @file Slows down whoever guesses passwords: for each name one attempt at a time, a wrong one takes a second, and one
 * address can't take all places. Nobody is locked out for good by another's guesses.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@plumbline/contracts';

export interface GuessBrakeOptions {
  /** After a wrong guess. */
  readonly delayMs?: number;
  /** Attempts that wait, for one name. */
  readonly mostForOne?: number;
  /** Attempts that wait, from one address. */
  readonly mostFromOne?: number;
  /** And for all together. */
  readonly mostInAll?: number;
}

export interface Guesser {
  /** Whose password is tried. */
  readonly name: string;
  readonly address: string;
}

export class GuessBrake {
  readonly #options: Required<GuessBrakeOptions>;
  readonly #queues = new Map<string, { waiting: number; last: Promise<unknown> }>();
  readonly #addresses = new Map<string, number>();
  #inAll = 0;

  constructor(options: GuessBrakeOptions = {}) {
    this.#options = { delayMs: 1_000, mostForOne: 3, mostFromOne: 5, mostInAll: 20, ...options };
  }

  /**
   * @param guess null when it was wrong
   * @throws DomainError TOO_MANY when too many wait already
   */
  async attempt<Result>(
    { name, address }: Guesser,
    guess: () => Promise<Result | null>,
  ): Promise<Result | null> {
    const { delayMs, mostForOne, mostFromOne, mostInAll } = this.#options;
    const queue = this.#queues.get(name) ?? { waiting: 0, last: Promise.resolve() };
    const fromOne = this.#addresses.get(address) ?? 0;
    if (queue.waiting >= mostForOne || fromOne >= mostFromOne || this.#inAll >= mostInAll) {
      throw new DomainError('TOO_MANY', 'Too many people try to sign in at the moment.', {
        fix: 'Try again in a few seconds.',
      });
    }
    queue.waiting += 1;
    this.#queues.set(name, queue);
    this.#addresses.set(address, fromOne + 1);
    this.#inAll += 1;
    const guessed = queue.last.then(guess).finally(() => {
      this.#inAll -= 1;
    });
    const turn = guessed.then(async (result) => {
      if (result === null) await sleep(delayMs, undefined, { ref: false });
      return result;
    });
    queue.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(name);
      const left = (this.#addresses.get(address) ?? 1) - 1;
      if (left === 0) this.#addresses.delete(address);
      else this.#addresses.set(address, left);
    }
  }
}
