/** @file What the queue asks of the rows that one kind of job is about. */
import type { ErrorBody } from '@plumbline/contracts';
import type pg from 'pg';
import type { Attempt } from './attempt.ts';

/** States in which a row waits or is worked on. */
export const ACTIVE = ['queued', 'running'];

export function isActive({ status }: { readonly status: string }): boolean {
  return ACTIVE.includes(status);
}

export interface Retry {
  /** That failed, from 1. */
  readonly tries: number;
  /** Before the second, third, … attempt, in place of the kind's own pauses. */
  readonly delaysMs?: readonly number[] | undefined;
}

export interface JobRows {
  get(id: string): Promise<{ readonly status: string }>;
  /** An attempt begins; those before it have lost the row. @returns Null when the row has ended, as by a cancellation. */
  take(id: string, trainerId: string): Promise<Attempt | null>;
  /** Gives the row back to the queue's hands: it waits again. Does nothing when it is another's. */
  release(attempt: Attempt): Promise<void>;
  /** @throws SupersededError */
  fail(attempt: Attempt, error: ErrorBody): Promise<void>;
  /**
   * Leaves it to a later attempt, or fails it after the last; what it throws is for the queue to try again.
   * @throws SupersededError
   */
  retryLater(attempt: Attempt, error: unknown, retry: Retry): Promise<void>;
}

/**
 * Gives the running ones of these rows, whose trainer is lost, back to the queue.
 * @returns Ids of those that nobody is to take again: they have ended.
 */
export type GiveBack = (
  client: pg.ClientBase,
  ids: readonly string[],
) => Promise<readonly string[]>;
