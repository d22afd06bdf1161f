/** @file Writes inspections down in batches, beside the answers. */
import type { Database, InspectionRecord } from '@plumbline/db';
import { BackgroundBatches, type Warn } from './background-batches.ts';

export interface InspectionLogOptions {
  readonly database: Pick<Database, 'inspections'>;
  /** Held at most; the newest are dropped beyond that. 20,000: some 5 MB, minutes of a busy line. */
  readonly capacity?: number;
  readonly warn?: Warn;
}

/** Since the process started. */
export interface InspectionCounts {
  readonly recorded: number;
  readonly waiting: number;
  readonly dropped: number;
}

const CAPACITY = 20_000;
const BATCH = 1_000;
/** From the first one that waits: a statement takes milliseconds of the event loop and of PostgreSQL, however few there are. */
const DELAY_MS = 1_000;

export class InspectionLog {
  readonly #batches: BackgroundBatches<InspectionRecord>;

  constructor({ database, capacity = CAPACITY, warn }: InspectionLogOptions) {
    this.#batches = new BackgroundBatches({
      failure: 'Inspections are not recorded',
      refusal: 'the database refused them',
      noRoom: 'the database has not taken those before',
      ...{ batch: BATCH, delayMs: DELAY_MS, capacity, warn },
      sizeOf: () => 1,
      write: (batch) => database.inspections.record(batch),
    });
  }

  get counts(): InspectionCounts {
    const { written: recorded, ...rest } = this.#batches.counts;
    return { recorded, ...rest };
  }

  add(record: InspectionRecord): void {
    this.#batches.add(record);
  }

  /** Writes what waits, so that it can be asked for; it goes on waiting while the database is away. */
  flush(): Promise<void> {
    return this.#batches.flush();
  }

  /** Writes what waits, for at most two seconds. */
  stop(): Promise<void> {
    return this.#batches.stop();
  }
}
