/**
 * @file A job whose work a child process does, so that the trainer's heartbeat goes on and a crash of the native code ends
 * the child alone. The parent watches for cancellation, and ends a child that is stopped or stuck.
 */
import type { ChildProcess } from 'node:child_process';
import { DomainError, type ErrorBody } from '@plumbline/contracts';
import { type Attempt, type Database, outlastDatabase, SupersededError } from '@plumbline/db';
import {
  forkTypeScript,
  HEARTBEAT_FORK,
  type Lifelessness,
  watchHeartbeat,
} from '@plumbline/runtime';
import { CHILD_LIMITS, type ChildLimits } from './env.ts';
import { DATABASE_WAIT_MS } from './training/training-context.ts';

export interface ChildJob {
  readonly database: Database;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
  /** Default: `CHILD_LIMITS`. */
  readonly childLimits?: ChildLimits;
}

export interface ChildWork {
  /** The process, in sentences: "The training process". */
  readonly name: string;
  /** Its arguments: id of the row, number of the attempt. */
  readonly script: URL;
  isCancelRequested(id: string): Promise<boolean>;
  /** Writes down that the attempt was cancelled. */
  cancelled(attempt: Attempt): Promise<void>;
  /** What is said of a child that ended without a word. @param signal That ended it; null when it exited by itself. */
  crashError(signal: NodeJS.Signals | null): Promise<Error>;
}

/** How the child says that it has ended. */
export type ChildOutcome =
  | { readonly type: 'done' }
  /** By the user or because the trainer stops; what was done is in its checkpoint, if it keeps one. */
  | { readonly type: 'stopped' }
  /** The row is another attempt's. */
  | { readonly type: 'superseded' }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** What the parent saw of the end. */
type Ending =
  | ChildOutcome
  | { readonly type: 'interrupted' }
  | { readonly type: 'crashed'; readonly signal: NodeJS.Signals | null }
  /** It was ended for it. */
  | { readonly type: 'lifeless'; readonly how: Lifelessness };

/** To the first sign of life: its code is loaded before, on a machine that may be busy. */
const FIRST_MS = 60_000;
const CANCEL_POLL_MS = 500;
/** How long a cancelled child may take to finish the step it is in and to save what it has. */
const CANCEL_GRACE_MS = 8_000;
/** The same when the trainer stops: less than it has itself before the supervisor ends it. */
const STOP_GRACE_MS = 6_000;

/** @throws What ended the attempt; whether and when there is another one, the queue decides. */
export async function runInChild(job: ChildJob, work: ChildWork): Promise<void> {
  const { database, attempt, signal } = job;
  const ending = await watchChild(job, work);
  const patience = { limitMs: DATABASE_WAIT_MS, signal };
  switch (ending.type) {
    case 'done':
      return;
    case 'interrupted':
      throw signal.reason;
    case 'superseded':
      throw new SupersededError(attempt);
    case 'stopped':
      return outlastDatabase(() => work.cancelled(attempt), patience);
    case 'crashed':
      throw await outlastDatabase(() => work.crashError(ending.signal), patience);
    case 'lifeless':
      throw lifelessError(work.name, ending.how, job);
    case 'failed':
      // So that the queue's own words about it reach the database.
      await outlastDatabase(() => database.ping(), patience);
      throw DomainError.fromBody(ending.error);
  }
}

function watchChild(job: ChildJob, work: ChildWork): Promise<Ending> {
  const { id, number } = job.attempt;
  const child = forkTypeScript(work.script, [id, String(number)], {
    ...HEARTBEAT_FORK,
  });
  return new Promise((resolve) => {
    let outcome: ChildOutcome | null = null;
    const stopPolling = pollCancellation(job, work, child);
    let grace: NodeJS.Timeout | undefined;
    let lifeless: Lifelessness | null = null;
    const { silenceMs, stuckMs } = job.childLimits ?? CHILD_LIMITS;
    const firstMs = Math.max(silenceMs, FIRST_MS);
    watchHeartbeat(child, { silenceMs, firstMs, stuckMs }, (how) => {
      lifeless = how;
      child.kill('SIGKILL');
    });
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
      else if (lifeless !== null) resolve(outcome ?? { type: 'lifeless', how: lifeless });
      else resolve(outcome ?? { type: 'crashed', signal });
    };
    child.on('exit', (_, signal) => end(signal));
    child.on('error', (error) => {
      console.error('A child process of the trainer cannot be reached:', error);
      // One that could not be started never exits.
      if (child.pid === undefined) end(null);
    });
  });
}

function lifelessError(
  name: string,
  how: Lifelessness,
  { childLimits = CHILD_LIMITS }: ChildJob,
): DomainError {
  const { silenceMs, stuckMs } = childLimits;
  return how === 'silent'
    ? new DomainError(
        'UNAVAILABLE',
        `${name} was ended: it gave no sign of life for ${silenceMs / 1000} s, as if something had stopped it.`,
        {
          fix: 'Look for what stops processes (SIGSTOP, a debugger, memory that is swapped out). PLUMBLINE_CHILD_SILENCE_S sets how long is waited.',
        },
      )
    : new DomainError(
        'UNAVAILABLE',
        `${name} was ended: it was stuck in one call for ${stuckMs / 1000} s.`,
        {
          fix: 'If it computes on a graphics card, update its driver, or set PLUMBLINE_EXECUTOR=cpu. PLUMBLINE_CHILD_STUCK_S sets how long is waited.',
        },
      );
}

/** Tells the child when the user cancels, and ends it when it does not listen. */
function pollCancellation({ attempt }: ChildJob, work: ChildWork, child: ChildProcess): () => void {
  let deadline: NodeJS.Timeout | undefined;
  let isBroken = false;
  const timer = setInterval(() => {
    work
      .isCancelRequested(attempt.id)
      .then((requested) => {
        isBroken = false;
        if (!requested || deadline !== undefined || !child.connected) return;
        child.send({ type: 'stop' });
        deadline = setTimeout(() => {
          work
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
