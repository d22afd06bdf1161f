/** @file Who does the work of each kind of job but batches, which the API takes (the kinds: `packages/db/src/jobs/job-kinds.ts`). */
import type { PlatformHome, S3Access, Webhook } from '@plumbline/contracts';
import type { Stores } from '@plumbline/data';
import type { Database, JobHandlers } from '@plumbline/db';
import type { ChildLimits } from './env.ts';
import { runImportJob } from './import/import-job.ts';
import { runResultImportJob } from './results/result-import-job.ts';
import { runSuspectsJob } from './suspects/suspects-job.ts';
import { runTrainJob } from './training/train-job.ts';
import { sendWebhook } from './webhook/send-webhook.ts';

export interface Trainer {
  readonly trainerId: string;
  readonly database: Database;
  readonly home: PlatformHome;
  readonly stores: Stores;
  /** Where buckets are that are imported from. */
  readonly s3: S3Access;
  readonly codeVersion: string;
  readonly childLimits: ChildLimits;
}

export function jobHandlers(trainer: Trainer): Omit<JobHandlers, 'webhook' | 'batch'> {
  return {
    import: (attempt, signal) => runImportJob({ ...trainer, attempt, signal }),
    train: (attempt, signal) => runTrainJob({ ...trainer, attempt, signal }),
    suspects: (attempt, signal) => runSuspectsJob({ ...trainer, attempt, signal }),
    results: (attempt, signal) => runResultImportJob({ ...trainer, attempt, signal }),
  };
}

/** Of jobs that take moments, beside the others. */
export function shortJobHandlers({
  database,
  webhook,
}: Pick<Trainer, 'database'> & { readonly webhook: Webhook | null }): Pick<JobHandlers, 'webhook'> {
  return {
    webhook: (attempt, signal) => sendWebhook({ database, webhook, attempt, signal }),
  };
}
