/** @file An import from the queue, of a dataset or of results: what the user gave wrong is its end. */
import { DomainError, type ErrorBody, mayPass, toErrorBody } from '@plumbline/contracts';
import type { Attempt } from '@plumbline/db';

/** What the database knows of one kind of imports. */
export interface ImportQueue {
  fail(attempt: Attempt, error: ErrorBody): Promise<void>;
}

/**
 * @throws What `work` throws once the signal is raised (the trainer ends, and the job goes back to the queue) and what may
 * pass: the queue tries again.
 */
export async function runQueued(
  queue: ImportQueue,
  attempt: Attempt,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof DomainError)) console.error(error);
    if (mayPass(error)) throw error;
    await queue.fail(attempt, toErrorBody(error));
  }
}
