/**
 * @file Runs one training job: a child process does the work, so that the trainer's heartbeat goes on and a crash of
 * the native code ends the child alone. The parent watches for cancellation.
 */
import type { ChildProcess } from 'node:child_process';
import type { ErrorBody } from '@plumbline/contracts';
import { DomainError } from '@plumbline/contracts';
import { type Attempt, type Database, outlastDatabase, SupersededError } from '@plumbline/db';
import { forkTypeScript } from '@plumbline/runtime';
import { crashError } from './crash-error.ts';
import { DATABASE_WAIT_MS } from './training-context.ts';

export interface TrainJob {
  readonly database: Database;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

/** How the child says that it has ended. */
export type ChildOutcome =
  | { readonly type: 'published' }
  /** By the user or because the trainer stops; what was done is in its checkpoint. */
  | { readonly type: 'stopped' }
  /** The run is another attempt's. */
  | { readonly type: 'superseded' }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** What the parent saw of the end. */
type Ending =
  | ChildOutcome
  | { readonly type: 'interrupted' }
  | { readonly type: 'crashed'; readonly signal: NodeJS.Signals | null };

const CANCEL_POLL_MS = 500;
/** How long a cancelled child may take to finish the step it is in and to save what it has. */
const CANCEL_GRACE_MS = 8_000;
/** The same when the trainer stops: less than it has itself before the supervisor ends it. */
const STOP_GRACE_MS = 6_000;

/** @throws What ended the attempt; whether and when there is another one, the queue decides. */
export async function runTrainJob(job: TrainJob): Promise<void> {
  const { database, attempt, signal } = job;
  if (attempt.number > 1) await database.attempts.log(attempt, 'info', 'Resumed.');
  const ending = await watchChild(job);
  const patience = { limitMs: DATABASE_WAIT_MS, signal };
  switch (ending.type) {
    case 'published':
      return;
    case 'interrupted':
      throw signal.reason;
    case 'superseded':
      throw new SupersededError(attempt);
    case 'stopped':
      return outlastDatabase(() => database.attempts.cancelled(attempt), patience);
    case 'crashed': {
      const input = () => database.runs.input(attempt.id);
      throw crashError(ending.signal, (await outlastDatabase(input, patience)).method);
    }
    case 'failed':
      // So that the queue's own words about it reach the database.
      await outlastDatabase(() => database.ping(), patience);
      throw DomainError.fromBody(ending.error);
  }
}

function watchChild(job: TrainJob): Promise<Ending> {
  const { id, number } = job.attempt;
  const child = forkTypeScript(
    new URL('./training-child.ts', import.meta.url),
    [id, String(number)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  return new Promise((resolve) => {
    let outcome: ChildOutcome | null = null;
    const stopPolling = pollCancellation(job, child);
    let grace: NodeJS.Timeout | undefined;
    const interrupt = () => {
      if (child.connected) child.send({ type: 'stop' });
      grace = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    };
    job.signal.addEventListener('abort', interrupt);
    child.on('message', (message: ChildOutcome) => {
      outcome = message;
    });
    const end = (signal: NodeJS.Signals | null) => {
      stopPolling();
      clearTimeout(grace);
      job.signal.removeEventListener('abort', interrupt);
      const isDone = outcome !== null && outcome.type !== 'stopped';
      if (job.signal.aborted && !isDone) resolve({ type: 'interrupted' });
      else resolve(outcome ?? { type: 'crashed', signal });
    };
    child.on('exit', (_, signal) => end(signal));
    child.on('error', (error) => {
      console.error('The training process cannot be reached:', error);
      // One that could not be started never exits.
      if (child.pid === undefined) end(null);
    });
  });
}

/** Tells the child when the user cancels, and ends it when it does not listen. */
function pollCancellation({ database, attempt }: TrainJob, child: ChildProcess): () => void {
  let deadline: NodeJS.Timeout | undefined;
  let isBroken = false;
  const timer = setInterval(() => {
    database.runs
      .isCancelRequested(attempt.id)
      .then((requested) => {
        isBroken = false;
        if (!requested || deadline !== undefined || !child.connected) return;
        child.send({ type: 'stop' });
        deadline = setTimeout(() => {
          database.attempts
            .cancelled(attempt)
            .catch((error: unknown) => console.error('Cancelling was not written down:', error))
            .finally(() => child.kill('SIGKILL'));
        }, CANCEL_GRACE_MS);
      })
      .catch((error: unknown) => {
        // Once: while the database is away this goes on twice a second, and would fill the disk.
        if (!isBroken) console.error('Looking for a cancellation failed:', error);
        isBroken = true;
      });
  }, CANCEL_POLL_MS);
  return () => {
    clearInterval(timer);
    clearTimeout(deadline);
  };
}
