/** @file An import from the queue, of a dataset or of results: done unless it has ended, and failed with its reason. */
import { DomainError, type ErrorBody, mayPass, toErrorBody } from '@plumbline/contracts';

/** What the database knows of one kind of imports. */
export interface ImportQueue {
  get(id: string): Promise<{ readonly status: string }>;
  markRunning(id: string): Promise<void>;
  fail(id: string, error: ErrorBody): Promise<void>;
}

/**
 * @throws What `work` throws once the signal is raised (the trainer ends, and the job goes back to the queue) and what may
 * pass: the queue tries again.
 */
export async function runQueued(
  queue: ImportQueue,
  id: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const { status } = await queue.get(id);
  if (status !== 'queued' && status !== 'running') return;
  await queue.markRunning(id);
  try {
    await work();
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof DomainError)) console.error(error);
    if (mayPass(error)) throw error;
    await queue.fail(id, toErrorBody(error));
  }
}
