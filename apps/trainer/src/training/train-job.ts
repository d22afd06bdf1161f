/**
 * @file Runs one training job: a child process does the work, so that the trainer's heartbeat goes on and a crash of
 * the native code ends the child alone. The parent watches for cancellation.
 */
import type { ChildProcess } from 'node:child_process';
import { DomainError, type ErrorBody } from '@plumbline/contracts';
import { type Database, outlastDatabase } from '@plumbline/db';
import { forkTypeScript } from '@plumbline/runtime';

export interface TrainJob {
  readonly database: Database;
  readonly trainerId: string;
  readonly runId: string;
  readonly signal: AbortSignal;
}

/** How the child says that it has ended. */
export type ChildOutcome =
  | { readonly type: 'published' }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: ErrorBody };

const CANCEL_POLL_MS = 500;
/** How long a cancelled child may take to finish the step it is in. */
const CANCEL_GRACE_MS = 8_000;

/** How long the end of a run waits for a database that is away before it is written down. */
const DATABASE_WAIT_MS = 120_000;

/** @throws What ended the attempt; whether and when there is another one, the queue decides. */
export async function runTrainJob(job: TrainJob): Promise<void> {
  const { database, runId, signal } = job;
  const { status } = await database.runs.get(runId);
  if (status !== 'queued' && status !== 'running') return;
  const run = await database.runs.take(runId, job.trainerId);
  if (run.attempts > 1) await database.runs.log(runId, 'info', 'Resumed.');
  const outcome = await watchChild(job);
  if (outcome === 'interrupted') {
    await database.runs.release(runId, job.trainerId);
    throw signal.reason;
  }
  if (outcome === 'crashed') {
    throw new DomainError('UNAVAILABLE', 'The training process crashed.', {
      fix: 'See the platform log; often the machine has too little memory. Resume the run after that.',
    });
  }
  if (outcome.type === 'cancelled') {
    const patience = { limitMs: DATABASE_WAIT_MS, signal };
    await outlastDatabase(() => database.runs.cancelled(runId), patience);
  }
  if (outcome.type === 'failed') {
    // So that the queue's own words about it reach the database.
    await outlastDatabase(() => database.ping(), { limitMs: DATABASE_WAIT_MS, signal });
    throw DomainError.fromBody(outcome.error);
  }
}

function watchChild(job: TrainJob): Promise<ChildOutcome | 'interrupted' | 'crashed'> {
  const child = forkTypeScript(new URL('./training-child.ts', import.meta.url), [job.runId], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve) => {
    let outcome: ChildOutcome | null = null;
    const stopPolling = pollCancellation(job, child);
    const interrupt = () => child.kill('SIGKILL');
    job.signal.addEventListener('abort', interrupt);
    child.on('message', (message: ChildOutcome) => {
      outcome = message;
    });
    const end = () => {
      stopPolling();
      job.signal.removeEventListener('abort', interrupt);
      resolve(outcome ?? (job.signal.aborted ? 'interrupted' : 'crashed'));
    };
    child.on('exit', end);
    child.on('error', (error) => {
      console.error('The training process cannot be reached:', error);
      // One that could not be started never exits.
      if (child.pid === undefined) end();
    });
  });
}

/** Tells the child when the user cancels, and ends it when it does not listen. */
function pollCancellation(job: TrainJob, child: ChildProcess): () => void {
  let deadline: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    job.database.runs
      .isCancelRequested(job.runId)
      .then((requested) => {
        if (!requested || deadline !== undefined || !child.connected) return;
        child.send({ type: 'cancel' });
        deadline = setTimeout(() => {
          job.database.runs
            .cancelled(job.runId)
            .catch((error: unknown) => console.error('Cancelling was not written down:', error))
            .finally(() => child.kill('SIGKILL'));
        }, CANCEL_GRACE_MS);
      })
      .catch((error: unknown) => console.error('Looking for a cancellation failed:', error));
  }, CANCEL_POLL_MS);
  return () => {
    clearInterval(timer);
    clearTimeout(deadline);
  };
}
