/**
 * @file The kinds of jobs. A further one is a row here, with the repository of the rows that it is about, and a handler
 * in the trainer's `job-handlers.ts`, or in the API for what it computes itself (batches).
 */
import { BatchRepository, batchPayload } from '../batches/batch-repository.ts';
import { giveBackBatches } from '../batches/lost-batches.ts';
import type { Client } from '../client.ts';
import type { DatasetRepository } from '../dataset-repository.ts';
import { datasetImports, importPayload } from '../imports/dataset-imports.ts';
import { ImportRepository } from '../imports/import-repository.ts';
import { giveBackImports } from '../imports/lost-imports.ts';
import { resultImports, resultsPayload } from '../imports/result-imports.ts';
import { WebhookDeliveries, webhookPayload } from '../monitoring/webhook-deliveries.ts';
import { giveBackRuns } from '../runs/lost-runs.ts';
import { RunAttemptRepository } from '../runs/run-attempt-repository.ts';
import { trainPayload } from '../runs/train-payload.ts';
import { SuspectRepository } from '../suspects/suspect-repository.ts';
import { suspectsPayload } from '../suspects/suspect-searches.ts';
import type { Attempt } from './attempt.ts';
import type { JobPayload } from './job-payload.ts';
import type { GiveBack, JobRows } from './job-rows.ts';

interface JobKindRow {
  readonly payload: JobPayload;
  readonly repository: keyof JobRepositories;
  readonly giveBack: GiveBack;
}

export const JOB_KINDS = [
  { payload: importPayload, repository: 'imports', giveBack: giveBackImports('DatasetImport') },
  { payload: trainPayload, repository: 'attempts', giveBack: giveBackRuns },
  { payload: resultsPayload, repository: 'results', giveBack: giveBackImports('ResultImport') },
  { payload: suspectsPayload, repository: 'suspects', giveBack: giveBackImports('SuspectSearch') },
  { payload: batchPayload, repository: 'batches', giveBack: giveBackBatches },
  { payload: webhookPayload, repository: 'webhooks', giveBack: giveBackImports('WebhookDelivery') },
] as const satisfies readonly JobKindRow[];

export type JobKind = (typeof JOB_KINDS)[number]['payload']['kind'];

export function openJobRepositories(client: Client, datasets: DatasetRepository) {
  return {
    imports: new ImportRepository(client, datasetImports(client, datasets)),
    attempts: new RunAttemptRepository(client),
    results: new ImportRepository(client, resultImports(client)),
    suspects: new SuspectRepository(client),
    batches: new BatchRepository(client),
    webhooks: new WebhookDeliveries(client),
  } satisfies Readonly<Record<string, JobRows>>;
}

/** Of the rows that jobs are about; each is a property of `Database`. */
export type JobRepositories = Readonly<ReturnType<typeof openJobRepositories>>;

/**
 * Does the work of one kind, of a row that was taken for it. It records its success itself. What it throws is recorded as
 * the failure at once if doing it again would be no use (contracts' `mayPass`); else it is tried again, later each time,
 * as often as the kind's repository says. When `signal` is aborted the job goes back to the queue, uncounted.
 */
export type JobHandler = (attempt: Attempt, signal: AbortSignal) => Promise<void>;

export type JobHandlers = { readonly [Kind in JobKind]: JobHandler };
