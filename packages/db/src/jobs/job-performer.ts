/** @file Performs jobs and decides what becomes of one that threw. */
import { DomainError, mayPass, toErrorBody } from '@plumbline/contracts';
import { type Attempt, SupersededError } from './attempt.ts';
import { isActive, type JobRows, type Retry } from './job-rows.ts';

export interface Job extends Retry {
  /** Of the row that it is about; the job's key in the queue. */
  readonly id: string;
  readonly rows: JobRows;
  readonly trainerId: string;
  work(attempt: Attempt, signal: AbortSignal): Promise<void>;
}

export class JobPerformer {
  readonly #underway = new Map<string, AbortController>();
  readonly #interrupted = new Set<string>();
  #isStopping = false;

  keys(): string[] {
    return [...this.#underway.keys()];
  }

  interrupted(): string[] {
    return [...this.#interrupted];
  }

  abort(reason: string, keys: readonly string[]): void {
    for (const key of keys) this.#underway.get(key)?.abort(new DomainError('CANCELLED', reason));
  }

  stop(): void {
    this.#isStopping = true;
    this.abort('The trainer is stopping; the work continues later where it stopped.', this.keys());
  }

  /** Returns only when the row has ended or waits for its next job: the queue then drops this one, whoever holds it. */
  async perform(job: Job): Promise<void> {
    const { id, rows } = job;
    const controller = new AbortController();
    const { signal } = controller;
    this.#underway.set(id, controller);
    if (this.#isStopping) this.stop();
    try {
      signal.throwIfAborted();
      const attempt = await rows.take(id, job.trainerId);
      // Cancelled while it waited, or ended by a trainer that was lost before it could say so to the queue.
      if (attempt === null) return;
      await this.#work(job, attempt, signal);
    } catch (error) {
      if (signal.aborted) this.#interrupted.add(id);
      throw error;
    } finally {
      this.#underway.delete(id);
    }
  }

  async #work(job: Job, attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { id, rows } = job;
    try {
      await job.work(attempt, signal);
      if (signal.aborted && isActive(await rows.get(id))) signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) {
        // Else it counts as running until somebody takes it, which is no harm.
        await rows.release(attempt).catch(() => {});
        throw error;
      }
      if (error instanceof SupersededError) throw error;
      if (mayPass(error)) await rows.retryLater(attempt, error, job);
      else await rows.fail(attempt, toErrorBody(error));
    }
  }
}
