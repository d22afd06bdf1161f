/**
 * @file Writes things down in batches, beside the answers: nobody waits for it, and it holds no more than so many. What it has to
 * drop is counted and said.
 */
import { isStoreAway } from '@plumbline/contracts';
import { isDatabaseAway } from '@plumbline/db';

export type Warn = (message: string, error?: unknown) => void;

export interface BackgroundBatchesOptions<Item> {
  /** Of a warning: "Inspections are not recorded". */
  readonly failure: string;
  /** Why a batch is dropped that `write` has thrown for, the database being there. */
  readonly refusal: string;
  /** Why an item is dropped that there is no room for. */
  readonly noRoom: string;
  readonly batch: number;
  /** From the first one that waits until it is written; 0 when a batch is full. */
  readonly delayMs: number;
  /** Sum of sizes held at most; what comes beyond that is dropped. */
  readonly capacity: number;
  readonly sizeOf: (item: Item) => number;
  readonly write: (batch: readonly Item[]) => Promise<void>;
  /** So many of those that came first are written, or refused for good. */
  readonly settled?: (count: number) => void;
  readonly warn?: Warn | undefined;
}

/** Since the process started. */
export interface BatchCounts {
  readonly written: number;
  readonly waiting: number;
  readonly dropped: number;
}

/** While the database, or a store elsewhere, is away. */
const RETRY_MS = 1_000;
const WARN_EVERY_MS = 10_000;
/** For what waits at the end. */
const LAST_MS = 2_000;

export class BackgroundBatches<Item> {
  readonly #options: BackgroundBatchesOptions<Item>;
  readonly #waiting: Item[] = [];
  #waitingSize = 0;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #written = 0;
  #dropped = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: BackgroundBatchesOptions<Item>) {
    this.#options = options;
  }

  get counts(): BatchCounts {
    return { written: this.#written, waiting: this.#waiting.length, dropped: this.#dropped };
  }

  /** @returns Whether there was room for it. */
  add(item: Item): boolean {
    const { capacity, sizeOf, noRoom } = this.#options;
    if (this.#waitingSize + sizeOf(item) > capacity) {
      this.#drop(1, noRoom);
      return false;
    }
    this.#waiting.push(item);
    this.#waitingSize += sizeOf(item);
    this.#schedule(this.#delayMs);
    return true;
  }

  /** Writes what waits, so that it can be asked for; it goes on waiting while the database is away. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 && (await this.#write()));
  }

  /** Writes what waits, for at most two seconds. */
  async stop(): Promise<void> {
    const deadline = performance.now() + LAST_MS;
    while (this.#waiting.length > 0 && performance.now() < deadline) {
      if (!(await this.#write())) break;
    }
    clearTimeout(this.#timer);
    const left = this.#take(this.#waiting.length);
    if (left > 0) this.#drop(left, 'the API is being stopped');
  }

  get #delayMs(): number {
    return this.#waiting.length >= this.#options.batch ? 0 : this.#options.delayMs;
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== undefined || this.#writing !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, delayMs).unref();
  }

  /** @returns Whether the batch was taken, or refused for good. */
  async #write(): Promise<boolean> {
    while (this.#writing !== null) await this.#writing;
    const batch = this.#waiting.slice(0, this.#options.batch);
    if (batch.length === 0) return true;
    let isAway = false;
    this.#writing = this.#options.write(batch).then(
      () => {
        this.#written += batch.length;
      },
      (error: unknown) => {
        isAway = isDatabaseAway(error) || isStoreAway(error);
        if (!isAway) this.#drop(batch.length, this.#options.refusal, error);
      },
    );
    await this.#writing;
    this.#writing = null;
    if (!isAway) {
      this.#take(batch.length);
      this.#options.settled?.(batch.length);
    }
    if (this.#waiting.length > 0) this.#schedule(isAway ? RETRY_MS : this.#delayMs);
    return !isAway;
  }

  /** @returns how many no longer wait */
  #take(count: number): number {
    const taken = this.#waiting.splice(0, count);
    for (const item of taken) this.#waitingSize -= this.#options.sizeOf(item);
    return taken.length;
  }

  /** Says it at once, and then from time to time. */
  #drop(count: number, reason: string, error?: unknown): void {
    this.#dropped += count;
    const now = performance.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    const { failure, warn = warnOnConsole } = this.#options;
    warn(
      `${failure} (${this.#dropped} since the API started): ${reason}.`,
      ...(error === undefined ? [] : [error]),
    );
  }
}

export function warnOnConsole(...what: unknown[]): void {
  console.error(...what);
}
