/** @file Runs one search for training images that may not belong, in a child process. */
import { DomainError } from '@plumbline/contracts';
import { type ChildJob, runInChild } from '../child-job.ts';

/** @throws What ended the attempt; whether and when there is another one, the queue decides. */
export async function runSuspectsJob(job: ChildJob): Promise<void> {
  const { suspects } = job.database;
  await runInChild(job, {
    name: 'The process that compares images',
    script: new URL('./suspects-child.ts', import.meta.url),
    isCancelRequested: (id) => suspects.isCancelRequested(id),
    cancelled: (attempt) => suspects.cancelled(attempt),
    crashError: async (signal) =>
      new DomainError(
        'UNAVAILABLE',
        `The process that compares images ended (${signal ?? 'without a word'}).`,
        { fix: 'If the machine is short of memory, end other programs; then look again.' },
      ),
  });
}
