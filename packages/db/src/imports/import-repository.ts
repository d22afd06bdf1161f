/** @file Imports of one kind, or other work on a dataset: from asking for one to what it made or the error it ended with. */
import { randomUUID } from 'node:crypto';
import {
  type ErrorBody,
  errorBodySchema,
  type JobStatus,
  jobStatusSchema,
  toErrorBody,
} from '@plumbline/contracts';
import { type Client, notFound, type Transaction, toJson } from '../client.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { type Claim, claimKey } from '../idempotency/idempotency-repository.ts';
import { type Attempt, assertHeld, heldBy } from '../jobs/attempt.ts';
import { addJob, type JobPayload } from '../jobs/job-payload.ts';
import { ACTIVE, type JobRows, type Retry } from '../jobs/job-rows.ts';

/** What every import's row has. */
export interface ImportRow {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly checked: number;
  readonly total: number | null;
  readonly error: unknown;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** What every import says of itself. */
export interface ImportState {
  readonly id: string;
  readonly status: JobStatus;
  readonly checked: number;
  readonly total: number | null;
  readonly error: ErrorBody | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

interface RowFilter {
  readonly id: string;
  readonly status?: string | { readonly in: string[] };
  readonly attempts?: number;
  readonly checked?: { readonly lte: number };
}

interface RowChange {
  readonly status?: string;
  readonly attempts?: { readonly increment: number };
  readonly checked?: number;
  readonly total?: number | null;
  readonly error?: Prisma.InputJsonObject;
  readonly finishedAt?: Date;
}

/** Prisma's table of one kind, as far as it is the same for all. */
interface ImportTable<Row> {
  findUnique(query: { where: { id: string } }): PromiseLike<Row | null>;
  updateMany(change: { where: RowFilter; data: RowChange }): PromiseLike<{ count: number }>;
  updateManyAndReturn(change: { where: RowFilter; data: RowChange }): PromiseLike<Row[]>;
}

export interface KnownImport<Row> {
  readonly row: Row;
  readonly state: ImportState;
}

/** One kind of imports: its table, and what its rows mean beyond the state that all have. */
export interface ImportKind<Row extends ImportRow, Input, State> {
  readonly payload: JobPayload;
  /** As a message names it. */
  readonly what: string;
  /** What a further attempt goes on with: nothing, or what the one before has done. */
  readonly restart: Pick<RowChange, 'checked' | 'total'>;
  readonly table: ImportTable<Row>;
  /** Newest first; of one dataset, or of one that has started them, or of all. */
  latest(take: number, of: string | undefined): PromiseLike<Row[]>;
  /** Writes the row. @throws DomainError when it can't be asked for. */
  insert(tx: Transaction, id: string, input: Input): Promise<void>;
  toInput(row: Row): Input;
  /** Of several at once, so that what belongs to them is read at once. */
  toStates(imports: readonly KnownImport<Row>[]): Promise<State[]>;
}

const LISTED = 50;
/** Times that an import may throw before its row is marked as failed. */
const ATTEMPTS = 3;

export class ImportRepository<Row extends ImportRow, Input, State extends ImportState>
  implements JobRows
{
  readonly #client: Client;
  readonly #kind: ImportKind<Row, Input, State>;

  constructor(client: Client, kind: ImportKind<Row, Input, State>) {
    this.#client = client;
    this.#kind = kind;
  }

  /**
   * @param claim that this is done once for; what was queued by it before is the answer
   * @throws DomainError when it can't be asked for, as of a name that is taken (CONFLICT), or the claim.
   */
  async create(input: Input, claim: Claim | null = null): Promise<State> {
    const id = randomUUID();
    const made = await this.#client.$transaction(async (tx) => {
      const before = await claimKey(tx, claim, id);
      if (before !== null) return before;
      await this.#kind.insert(tx, id, input);
      await addJob(tx, this.#kind.payload, id);
      return id;
    });
    return this.get(made);
  }

  async get(id: string): Promise<State> {
    const [state] = await this.#toStates([await this.#find(id)]);
    if (state === undefined) throw new Error('One row has one state.');
    return state;
  }

  /** Newest first; as `latest` of the kind. */
  async list(of?: string): Promise<State[]> {
    const rows = await this.#kind.latest(LISTED, of);
    return this.#toStates(rows);
  }

  async input(id: string): Promise<Input> {
    return this.#kind.toInput(await this.#find(id));
  }

  async take(id: string): Promise<Attempt | null> {
    const [taken] = await this.#kind.table.updateManyAndReturn({
      where: { id, status: { in: ACTIVE } },
      data: { status: 'running', attempts: { increment: 1 }, ...this.#kind.restart },
    });
    return taken === undefined ? null : { id, number: taken.attempts };
  }

  async release(attempt: Attempt): Promise<void> {
    const waiting = { where: heldBy(attempt), data: { status: 'queued' } };
    await this.#kind.table.updateMany(waiting);
  }

  /** Never goes back, so that updates may overtake one another; does nothing when the import is another attempt's. */
  async progress(attempt: Attempt, checked: number, total: number): Promise<void> {
    await this.#kind.table.updateMany({
      where: { ...heldBy(attempt), checked: { lte: checked } },
      data: { checked, total },
    });
  }

  async fail(attempt: Attempt, error: ErrorBody): Promise<void> {
    const failed = { status: 'failed', error: toJson(error), finishedAt: new Date() };
    assertHeld(
      attempt,
      await this.#kind.table.updateMany({ where: heldBy(attempt), data: failed }),
    );
  }

  async retryLater(attempt: Attempt, error: unknown, { tries }: Retry): Promise<void> {
    if (tries >= ATTEMPTS) return this.fail(attempt, toErrorBody(error));
    await this.release(attempt);
    throw error;
  }

  async #find(id: string): Promise<Row> {
    const row = await this.#kind.table.findUnique({ where: { id } });
    if (row === null) throw notFound(this.#kind.what, id, 'Start it again.');
    return row;
  }

  #toStates(rows: readonly Row[]): Promise<State[]> {
    return this.#kind.toStates(rows.map((row) => ({ row, state: stateOf(row) })));
  }
}

function stateOf(row: ImportRow): ImportState {
  return {
    id: row.id,
    status: jobStatusSchema.parse(row.status),
    checked: row.checked,
    total: row.total,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    error: row.error === null ? null : errorBodySchema.parse(row.error),
  };
}
