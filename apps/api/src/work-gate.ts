/**
 * @file Lets a few pieces of one kind of work run at once, such as images being decoded and held: one of 50 megapixels
 * takes 150 MB. Whoever waits for too long, or has left, loses the place in the queue.
 */
import { DomainError } from '@plumbline/contracts';

export interface WorkGateOptions {
  /** How many pieces of work may run at once. */
  readonly places: number;
  /** How long one may wait for its turn. */
  readonly waitMs: number;
}

export class WorkGate {
  readonly #waiting = new Set<() => void>();
  readonly #waitMs: number;
  #free: number;

  constructor({ places, waitMs }: WorkGateOptions) {
    this.#free = places;
    this.#waitMs = waitMs;
  }

  /** Pieces of work that wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * @param signal aborted when nobody waits for the work any more
   * @throws DomainError UNAVAILABLE when its turn does not come in time, CANCELLED when it is aborted before that
   */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => () => {
        this.#waiting.delete(enter);
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        end();
      };
      const enter = settle(resolve);
      const leave = settle(() => reject(left()));
      const giveUp = settle(() => reject(busy(this.#waitMs)));
      const timer = setTimeout(giveUp, this.#waitMs);
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(enter);
    });
  }
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
