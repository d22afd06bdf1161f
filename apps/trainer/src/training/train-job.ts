/**
 * @file Runs one training job: a child process does the work, so that the trainer's heartbeat goes on and a crash of
 * the native code ends the child alone. The parent watches for cancellation.
 */
import type { ChildProcess } from 'node:child_process';
import { type ErrorBody, toErrorBody } from '@plumbline/contracts';
import type { Database } from '@plumbline/db';
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

/** A run whose process has crashed this often is not tried again. */
const MAX_CRASHES = 3;
const CANCEL_POLL_MS = 500;
/** How long a cancelled child may take to finish the step it is in. */
const CANCEL_GRACE_MS = 8_000;

const crashes = new Map<string, number>();

export async function runTrainJob(job: TrainJob): Promise<void> {
  const { database, runId, signal } = job;
  const { status } = await database.runs.get(runId);
  if (status !== 'queued' && status !== 'running') return;
  const run = await database.runs.take(runId, job.trainerId);
  if (run.attempts > 1)
    await database.runs.log(runId, 'info', `Taken up again (attempt ${run.attempts}).`);
  const outcome = await watchChild(job);
  if (outcome === 'interrupted') {
    await database.runs.release(runId, job.trainerId);
    throw signal.reason;
  }
  if (outcome === 'crashed') return onCrash(job);
  crashes.delete(runId);
  if (outcome.type === 'cancelled') await database.runs.cancelled(runId);
  if (outcome.type === 'failed') {
    await database.runs.log(runId, 'error', outcome.error.message);
    await database.runs.fail(runId, outcome.error);
  }
}

/** Leaves a crashed run to the next attempt, or fails it when it keeps crashing. */
async function onCrash({ database, runId, trainerId }: TrainJob): Promise<void> {
  const count = (crashes.get(runId) ?? 0) + 1;
  crashes.set(runId, count);
  await database.runs.log(
    runId,
    'error',
    `The training process crashed (${count} of ${MAX_CRASHES}).`,
  );
  if (count < MAX_CRASHES) {
    await database.runs.release(runId, trainerId);
    throw new Error(`The training process of ${runId} crashed.`);
  }
  crashes.delete(runId);
  const error = toErrorBody(new Error('the training process crashed repeatedly.'));
  await database.runs.fail(runId, {
    ...error,
    fix: 'See the platform log; often the machine has too little memory.',
  });
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
      console.error('The training process can not be reached:', error);
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
          void job.database.runs.cancelled(job.runId).then(() => child.kill('SIGKILL'));
        }, CANCEL_GRACE_MS);
      })
      .catch((error: unknown) => console.error('Looking for a cancellation failed:', error));
  }, CANCEL_POLL_MS);
  return () => {
    clearInterval(timer);
    clearTimeout(deadline);
  };
}
