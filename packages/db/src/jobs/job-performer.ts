/** @file Performs jobs and decides what becomes of one that threw. */
import { DomainError, mayPass, toErrorBody } from '@plumbline/contracts';
import { isActive, type JobRows, type Retry } from './job-rows.ts';

export interface Job extends Retry {
  /** Of the row that it is about; the job's key in the queue. */
  readonly id: string;
  readonly rows: JobRows;
  work(signal: AbortSignal): Promise<void>;
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

  async perform(job: Job): Promise<void> {
    const { id, rows } = job;
    const controller = new AbortController();
    const { signal } = controller;
    this.#underway.set(id, controller);
    if (this.#isStopping) this.stop();
    try {
      signal.throwIfAborted();
      // Cancelled while it waited, or ended by a trainer that was lost before it could say so to the queue.
      if (!isActive(await rows.get(id))) return;
      await job.work(signal);
      if (signal.aborted && isActive(await rows.get(id))) signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) {
        this.#interrupted.add(id);
        throw error;
      }
      return mayPass(error) ? rows.retryLater(id, error, job) : rows.fail(id, toErrorBody(error));
    } finally {
      this.#underway.delete(id);
    }
  }
}
