/**
 * @file An attempt at the row of a job. Everything that it writes carries its number, a fencing token that SQL compares
 * with the row's: once the row was taken again, or has ended, a process that was paused or cut off writes nothing more.
 */
import { DomainError } from '@plumbline/contracts';

export interface Attempt {
  /** Of the row: of a run or an import. */
  readonly id: string;
  /** From 1; higher each time that the row is taken. */
  readonly number: number;
}

/** What the attempt wanted to write was not written: the row is another attempt's by now, waits, or has ended. */
export class SupersededError extends DomainError {
  constructor({ number }: Attempt) {
    super(
      'CONFLICT',
      `Attempt ${number} was given up for lost or ended, so it stops and changes nothing any more.`,
      { fix: 'Nothing to do: see the run for the attempt that took over.' },
    );
    this.name = 'SupersededError';
  }
}

/** The rows that the attempt may write: Prisma's filter for a run or an import. */
export function heldBy({ id, number }: Attempt) {
  return { id, attempts: number, status: 'running' };
}

/** @throws SupersededError when a write that carried the attempt changed no row. */
export function assertHeld(attempt: Attempt, { count }: { readonly count: number }): void {
  if (count === 0) throw new SupersededError(attempt);
}
