/**
 * @file Writes inspections down in batches, beside the answers: nobody waits for it, and it holds no more than so many. What
 * it has to drop is counted and said.
 */
import { type Database, type InspectionRecord, isDatabaseAway } from '@plumbline/db';

export interface InspectionLogOptions {
  readonly database: Pick<Database, 'inspections'>;
  /** Held at most; the newest are dropped beyond that. 20,000: some 5 MB, minutes of a busy line. */
  readonly capacity?: number;
  readonly warn?: (message: string, error?: unknown) => void;
}

/** Since the process started. */
export interface InspectionCounts {
  readonly recorded: number;
  readonly waiting: number;
  readonly dropped: number;
}

const CAPACITY = 20_000;
const BATCH = 1_000;
/** From the first one that waits. */
const DELAY_MS = 250;
/** While the database is away. */
const RETRY_MS = 1_000;
const WARN_EVERY_MS = 10_000;
/** For what waits at the end. */
const LAST_MS = 2_000;

export class InspectionLog {
  readonly #database: Pick<Database, 'inspections'>;
  readonly #capacity: number;
  readonly #warn: (message: string, error?: unknown) => void;
  readonly #waiting: InspectionRecord[] = [];
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #recorded = 0;
  #dropped = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor({ database, capacity = CAPACITY, warn = warnOnConsole }: InspectionLogOptions) {
    this.#database = database;
    this.#capacity = capacity;
    this.#warn = warn;
  }

  get counts(): InspectionCounts {
    return { recorded: this.#recorded, waiting: this.#waiting.length, dropped: this.#dropped };
  }

  add(record: InspectionRecord): void {
    if (this.#waiting.length >= this.#capacity) {
      this.#drop(1, 'the database has not taken those before');
      return;
    }
    this.#waiting.push(record);
    this.#schedule(this.#waiting.length >= BATCH ? 0 : DELAY_MS);
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
    const left = this.#waiting.splice(0).length;
    if (left > 0) this.#drop(left, 'the API is being stopped');
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== undefined || this.#writing !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, delayMs).unref();
  }

  /** @returns Whether the database took the batch, or refused it for good. */
  async #write(): Promise<boolean> {
    while (this.#writing !== null) await this.#writing;
    const batch = this.#waiting.slice(0, BATCH);
    if (batch.length === 0) return true;
    let isAway = false;
    this.#writing = this.#database.inspections.record(batch).then(
      () => {
        this.#recorded += batch.length;
      },
      (error: unknown) => {
        isAway = isDatabaseAway(error);
        if (!isAway) this.#drop(batch.length, 'the database refused them', error);
      },
    );
    await this.#writing;
    this.#writing = null;
    if (!isAway) this.#waiting.splice(0, batch.length);
    const isFull = this.#waiting.length >= BATCH;
    if (this.#waiting.length > 0) this.#schedule(isAway ? RETRY_MS : isFull ? 0 : DELAY_MS);
    return !isAway;
  }

  /** Says it at once, and then from time to time. */
  #drop(count: number, reason: string, error?: unknown): void {
    this.#dropped += count;
    const now = performance.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#warn(
      `Inspections are not recorded (${this.#dropped} since the API started): ${reason}.`,
      ...(error === undefined ? [] : [error]),
    );
  }
}

function warnOnConsole(...what: unknown[]): void {
  console.error(...what);
}
