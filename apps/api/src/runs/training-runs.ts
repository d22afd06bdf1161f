/** @file Training runs: asking for one, watching it, cancelling it. Trainers do the work. */
import type { LossPoint, Run, RunLogLine, StartTrainingInput } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { checkTraining } from './check-training.ts';

/** @throws DomainError when it can't be trained: nothing is queued then. */
export async function startRun(context: Context, input: StartTrainingInput): Promise<Run> {
  await checkTraining(context, input);
  return context.database.runs.create(input);
}

export interface RunFilter {
  readonly dataset?: string | undefined;
  readonly limit?: number | undefined;
}

export function listRuns(context: Context, { dataset, limit }: RunFilter): Promise<Run[]> {
  return context.database.runs.list({
    ...(dataset === undefined ? {} : { dataset }),
    ...(limit === undefined ? {} : { limit }),
  });
}

export function getRun(context: Context, id: string): Promise<Run> {
  return context.database.runs.get(id);
}

/** @throws DomainError CONFLICT when it has ended */
export function cancelRun(context: Context, id: string): Promise<Run> {
  return context.database.runs.requestCancel(id);
}

/** @throws DomainError CONFLICT unless it has failed or was cancelled */
export function resumeRun(context: Context, id: string): Promise<Run> {
  return context.database.runs.resume(id);
}

export async function listRunLosses(context: Context, id: string): Promise<LossPoint[]> {
  await context.database.runs.get(id); // NOT_FOUND in place of no points
  return context.database.runs.losses(id);
}

export async function listRunLogs(
  context: Context,
  id: string,
  after: number | undefined,
): Promise<RunLogLine[]> {
  await context.database.runs.get(id);
  return context.database.runs.logs(id, after);
}
