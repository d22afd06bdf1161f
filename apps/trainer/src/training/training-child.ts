/** @file The child process of one training run. Argument: run id. */
import { DomainError, toErrorBody } from '@plumbline/contracts';
import { openDatabase, outlastDatabase } from '@plumbline/db';
import { readEnvironment } from '../env.ts';
import type { ChildOutcome } from './train-job.ts';
import { trainModel } from './train-model.ts';
import { DATABASE_WAIT_MS } from './training-context.ts';

const runId = process.argv[2] ?? '';
const abort = new AbortController();
const environment = readEnvironment();
const database = await outlastDatabase(() => openDatabase(environment.databaseUrl), {
  limitMs: DATABASE_WAIT_MS,
});

process.on('message', () => abort.abort(new DomainError('CANCELLED', 'The run was cancelled.')));
// Without its trainer there is nobody to report to; the run is taken over.
process.on('disconnect', () => process.exit(1));

async function outcomeOf(): Promise<ChildOutcome> {
  try {
    await trainModel({ database, environment, runId, signal: abort.signal });
    return { type: 'published' };
  } catch (error) {
    if (abort.signal.aborted) return { type: 'cancelled' };
    if (!(error instanceof DomainError)) console.error(error);
    return { type: 'failed', error: toErrorBody(error) };
  }
}

const outcome = await outcomeOf();
await database.close();
process.send?.(outcome, undefined, undefined, () => process.exit(0));
