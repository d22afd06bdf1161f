/** @file What the child process of a job does around its work. Its arguments: id of the row, number of the attempt. */
import { DomainError, toErrorBody } from '@plumbline/contracts';
import {
  type Attempt,
  type Database,
  openDatabase,
  outlastDatabase,
  SupersededError,
} from '@plumbline/db';
import type { ChildOutcome } from './child-job.ts';
import { readEnvironment, type TrainerEnvironment } from './env.ts';
import { DATABASE_WAIT_MS } from './training/training-context.ts';

export interface ChildTask {
  readonly database: Database;
  readonly environment: TrainerEnvironment;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

/** @param what For the trainer's output: `Run`, with the id after it. */
export async function workAsChild(
  what: string,
  work: (task: ChildTask) => Promise<void>,
): Promise<void> {
  const [id = '', number = ''] = process.argv.slice(2);
  const attempt = { id, number: Number(number) };
  const abort = new AbortController();
  const environment = readEnvironment();
  const database = await outlastDatabase(() => openDatabase(environment.databaseUrl), {
    limitMs: DATABASE_WAIT_MS,
  });
  process.on('message', () => abort.abort(new DomainError('CANCELLED', 'It is to stop.')));
  // Without its trainer there is nobody to report to; another one takes over.
  process.on('disconnect', () => process.exit(1));
  const outcome = await outcomeOf(`${what} ${id}`, abort.signal, () =>
    work({ database, environment, attempt, signal: abort.signal }),
  );
  await database.close();
  process.send?.(outcome, undefined, undefined, () => process.exit(0));
}

async function outcomeOf(
  name: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<ChildOutcome> {
  try {
    await work();
    return { type: 'done' };
  } catch (error) {
    if (error instanceof SupersededError) {
      console.error(`${name}: ${error.message}`);
      return { type: 'superseded' };
    }
    if (signal.aborted) return { type: 'stopped' };
    if (!(error instanceof DomainError)) console.error(error);
    return { type: 'failed', error: toErrorBody(error) };
  }
}
