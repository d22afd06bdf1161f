/**
 * @file Writes down every change before it is made, and afterwards how it ended: a process that is killed in between leaves a row
 * without an outcome, never a change without a row.
 */
import type { AuditEnd, AuditEntry, Database } from '@plumbline/db';
import type { Principal } from '../access/principal.ts';
import { endOf } from './audit-end.ts';
import { auditedInput } from './audited-input.ts';
import { cut, withoutSecrets } from './plain-words.ts';

/** Where a request comes from. */
export interface Origin {
  /** The other end of the connection, and whom it asks for. */
  readonly address: string;
  /** `User-Agent`. */
  readonly client: string;
}

export interface Change {
  readonly principal: Principal;
  readonly origin: Origin;
  readonly action: string;
  readonly input: unknown;
}

const LONGEST = 300;

export class AuditLog {
  readonly #audit: Database['audit'];

  constructor({ audit }: Pick<Database, 'audit'>) {
    this.#audit = audit;
  }

  /**
   * @param work the change
   * @param end how it ended, of what `work` returns; what it throws says so itself
   * @throws whatever keeps the first row from being written: then nothing is changed
   */
  async record<Result>(
    change: Change,
    work: () => Promise<Result>,
    end: (result: Result) => AuditEnd,
  ): Promise<Result> {
    const id = await this.#audit.begin(entryOf(change));
    try {
      const result = await work();
      await this.#end(id, end(result));
      return result;
    } catch (error) {
      await this.#end(id, endOf(error));
      throw error;
    }
  }

  /** What somebody was not let in for. */
  async recordRefusal(change: Change, error: unknown): Promise<void> {
    await this.record(
      change,
      async () => {},
      () => endOf(error),
    );
  }

  /** The change is made: a database that goes now costs the outcome of its row. */
  async #end(id: number, { outcome, message }: AuditEnd): Promise<void> {
    const short = message === null ? null : cut(withoutSecrets(message), LONGEST);
    await this.#audit.end(id, { outcome, message: short }).catch((error: unknown) => {
      console.error(`The outcome of audit event ${id} could not be written:`, error);
    });
  }
}

function entryOf({ principal, origin, action, input }: Change): AuditEntry {
  return {
    actor: principal.name,
    role: principal.role,
    action: cut(action, LONGEST),
    input: auditedInput(input),
    address: cut(plain(origin.address), LONGEST),
    client: cut(plain(origin.client), LONGEST),
  };
}

/** Headers may hold what the database takes for no text. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Surrogate}]/gu, '');
}
