/** @file The child process of one attempt at a training run. Arguments: run id, number of the attempt. */
import { DomainError, toErrorBody } from '@plumbline/contracts';
import { openDatabase, outlastDatabase, SupersededError } from '@plumbline/db';
import { readEnvironment } from '../env.ts';
import type { ChildOutcome } from './train-job.ts';
import { trainModel } from './train-model.ts';
import { DATABASE_WAIT_MS } from './training-context.ts';

const [id = '', number = ''] = process.argv.slice(2);
const attempt = { id, number: Number(number) };
const abort = new AbortController();
const environment = readEnvironment();
const database = await outlastDatabase(() => openDatabase(environment.databaseUrl), {
  limitMs: DATABASE_WAIT_MS,
});

process.on('message', () => abort.abort(new DomainError('CANCELLED', 'The run is to stop.')));
// Without its trainer there is nobody to report to; the run is taken over.
process.on('disconnect', () => process.exit(1));

async function outcomeOf(): Promise<ChildOutcome> {
  try {
    await trainModel({ database, environment, attempt, signal: abort.signal });
    return { type: 'published' };
  } catch (error) {
    if (error instanceof SupersededError) {
      console.error(`Run ${id}: ${error.message}`);
      return { type: 'superseded' };
    }
    if (abort.signal.aborted) return { type: 'stopped' };
    if (!(error instanceof DomainError)) console.error(error);
    return { type: 'failed', error: toErrorBody(error) };
  }
}

const outcome = await outcomeOf();
await database.close();
process.send?.(outcome, undefined, undefined, () => process.exit(0));
