/** @file Starts a training run, of what can be trained. */
import type { Run, StartTrainingInput } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { checkTraining } from './check-training.ts';

/** @throws DomainError when it can't be trained: nothing is queued then. */
export async function startRun(context: Context, input: StartTrainingInput): Promise<Run> {
  await checkTraining(context, input);
  return context.database.runs.create(input);
}
