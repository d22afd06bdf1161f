/** @file Runs one training job, in a child process. */
import { type ChildJob, runInChild } from '../child-job.ts';
import { crashError } from './crash-error.ts';

/** @throws What ended the attempt; whether and when there is another one, the queue decides. */
export async function runTrainJob(job: ChildJob): Promise<void> {
  const { database, attempt } = job;
  if (attempt.number > 1) await database.attempts.log(attempt, 'info', 'Resumed.');
  await runInChild(job, {
    name: 'The training process',
    script: new URL('./training-child.ts', import.meta.url),
    isCancelRequested: (id) => database.runs.isCancelRequested(id),
    cancelled: () => database.attempts.cancelled(attempt),
    crashError: async (signal) =>
      crashError(signal, (await database.runs.input(attempt.id)).method),
  });
}
