/** @file Writes inspections down in batches, beside the answers; what waits is in a journal, where a crash does not reach it. */
import type { Database, InspectionRecord } from '@plumbline/db';
import { BackgroundBatches, type Warn, warnOnConsole } from './background-batches.ts';
import { InspectionJournal, recoverInspections } from './inspection-journal.ts';

export interface InspectionLogOptions {
  readonly database: Pick<Database, 'inspections'>;
  /** Held at most; the newest are dropped beyond that. 20,000: some 5 MB, minutes of a busy line. */
  readonly capacity?: number;
  /** Of the journal; without it a crash loses what waits. */
  readonly folder?: string;
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
  readonly #journal: InspectionJournal | null;
  readonly #recovered: Promise<void>;

  constructor({
    database,
    capacity = CAPACITY,
    folder,
    warn = warnOnConsole,
  }: InspectionLogOptions) {
    this.#journal = folder === undefined ? null : new InspectionJournal(folder, warn);
    this.#recovered = folder === undefined ? Promise.resolve() : recover(folder, database, warn);
    this.#batches = new BackgroundBatches({
      failure: 'Inspections are not recorded',
      refusal: 'the database refused them',
      noRoom: 'the database has not taken those before',
      ...{ batch: BATCH, delayMs: DELAY_MS, capacity, warn },
      sizeOf: () => 1,
      write: (batch) => database.inspections.record(batch),
      settled: (count) => this.#journal?.settle(count),
    });
  }

  get counts(): InspectionCounts {
    const { written: recorded, ...rest } = this.#batches.counts;
    return { recorded, ...rest };
  }

  /** Before the answer: from then on a crash of this process does not lose it. */
  add(record: InspectionRecord): void {
    if (this.#batches.add(record)) this.#journal?.add(record);
  }

  /** Writes what waits, so that it can be asked for; it goes on waiting while the database is away. */
  async flush(): Promise<void> {
    await this.#recovered;
    await this.#batches.flush();
  }

  /** Writes what waits, for at most two seconds; what is left then is in the journal. */
  async stop(): Promise<void> {
    await this.#recovered;
    await this.#batches.stop();
    this.#journal?.close();
  }
}

/** Of processes that are gone; where the database is away, the next start tries again. */
async function recover(
  folder: string,
  database: InspectionLogOptions['database'],
  warn: Warn,
): Promise<void> {
  try {
    const found = await recoverInspections(folder, database);
    if (found > 0) console.log(`Recorded ${found} inspections that a process before had answered.`);
  } catch (error) {
    warn('Inspections that a process before had answered are not recorded yet:', error);
  }
}
