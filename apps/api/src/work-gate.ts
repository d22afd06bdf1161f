/**
 * @file Lets a few pieces of one kind of work run at once, such as images being decoded and held: one of 50 megapixels
 * takes 150 MB. Whoever waits for too long, or has left, loses the place in the queue. Work that nobody waits for gives way:
 * it runs while there is no other.
 */
import { DomainError } from '@plumbline/contracts';

export interface WorkGateOptions {
  /** How many pieces of work may run at once. */
  readonly places: number;
  /** How long one may wait for its turn. */
  readonly waitMs: number;
  /** How many of the places work that gives way may have; one when absent. */
  readonly asidePlaces?: number;
  /** How long such work waits for a quiet moment before it takes its turn like any other. */
  readonly asideWaitMs?: number;
}

/** One image in 10 s, however busy a line is: a batch ends some day. */
const ASIDE_WAIT_MS = 10_000;

export class WorkGate {
  readonly #waiting = new Set<() => void>();
  readonly #aside = new Set<() => void>();
  readonly #waitMs: number;
  readonly #asidePlaces: number;
  readonly #asideWaitMs: number;
  #free: number;
  /** Pieces of work that do not give way: running or waiting. */
  #asked = 0;
  #runningAside = 0;

  constructor({ places, waitMs, asidePlaces = 1, asideWaitMs = ASIDE_WAIT_MS }: WorkGateOptions) {
    this.#free = places;
    this.#waitMs = waitMs;
    this.#asidePlaces = asidePlaces;
    this.#asideWaitMs = asideWaitMs;
  }

  /** Pieces of work that wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** How many pieces that give way may run at once. */
  get asidePlaces(): number {
    return this.#asidePlaces;
  }

  /**
   * @param signal aborted when nobody waits for the work any more
   * @throws DomainError UNAVAILABLE when its turn does not come in time, CANCELLED when it is aborted before that
   */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left();
    this.#asked += 1;
    try {
      await this.#enter(signal);
      try {
        return await work();
      } finally {
        this.#leave();
      }
    } finally {
      this.#asked -= 1;
      this.#letAside();
    }
  }

  /** Work that gives way. @throws as `run` */
  async runAside<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left();
    if (this.#isQuiet) this.#enterAside();
    else if (!(await this.#quiet(signal))) {
      await this.#enter(signal);
      this.#runningAside += 1;
    }
    try {
      return await work();
    } finally {
      this.#runningAside -= 1;
      this.#leave();
      this.#letAside();
    }
  }

  get #isQuiet(): boolean {
    return this.#asked === 0 && this.#free > 0 && this.#runningAside < this.#asidePlaces;
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
  }

  #enterAside(): void {
    this.#free -= 1;
    this.#runningAside += 1;
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }

  #letAside(): void {
    for (const enter of this.#aside) {
      if (!this.#isQuiet) return;
      this.#enterAside();
      enter();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      wait(
        this.#waiting,
        { signal, waitMs: this.#waitMs },
        {
          enter: resolve,
          leave: () => reject(left()),
          giveUp: () => reject(busy(this.#waitMs)),
        },
      );
    });
  }

  /** @returns Whether there was a quiet moment, whose place it then has. */
  #quiet(signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      wait(
        this.#aside,
        { signal, waitMs: this.#asideWaitMs },
        {
          enter: () => resolve(true),
          leave: () => reject(left()),
          giveUp: () => resolve(false),
        },
      );
    });
  }
}

interface Patience {
  readonly signal: AbortSignal | undefined;
  readonly waitMs: number;
}

interface Ends {
  enter(): void;
  leave(): void;
  giveUp(): void;
}

/** In the queue until whatever comes first: its turn, the end of whoever asks, or of their patience. */
function wait(queue: Set<() => void>, { signal, waitMs }: Patience, ends: Ends): void {
  const settle = (end: () => void) => () => {
    queue.delete(enter);
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
    end();
  };
  const enter = settle(ends.enter);
  const leave = settle(ends.leave);
  const timer = setTimeout(settle(ends.giveUp), waitMs);
  signal?.addEventListener('abort', leave, { once: true });
  queue.add(enter);
}

function left(): DomainError {
  return new DomainError('CANCELLED', 'The client ended the request.');
}

function busy(waitMs: number): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `The request waited for ${waitMs / 1000} s behind others.`,
    { fix: 'Send it again when fewer are under way.' },
  );
}
