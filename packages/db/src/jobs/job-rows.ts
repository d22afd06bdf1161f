/** @file What the queue asks of the rows that one kind of job is about. */
import type { ErrorBody } from '@plumbline/contracts';
import type pg from 'pg';

/** States in which a row waits or is worked on. */
export const ACTIVE = ['queued', 'running'];

export function isActive({ status }: { readonly status: string }): boolean {
  return ACTIVE.includes(status);
}

export interface Retry {
  /** That failed, from 1. */
  readonly attempt: number;
  /** Before the second, third, … attempt, in place of the kind's own pauses. */
  readonly delaysMs?: readonly number[] | undefined;
}

export interface JobRows {
  get(id: string): Promise<{ readonly status: string }>;
  fail(id: string, error: ErrorBody): Promise<void>;
  /** Leaves it to a later attempt, or fails it after the last; what it throws is for the queue to try again. */
  retryLater(id: string, error: unknown, retry: Retry): Promise<void>;
}

/**
 * Gives the running ones of these rows, whose trainer is lost, back to the queue.
 * @returns Ids of those that nobody is to take again: they have ended.
 */
export type GiveBack = (
  client: pg.ClientBase,
  ids: readonly string[],
) => Promise<readonly string[]>;
