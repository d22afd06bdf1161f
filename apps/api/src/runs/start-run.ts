/** @file Starts a training run, of what can be trained. */
import { DomainError, type Run, type StartTrainingInput } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';
import { checkTraining } from './check-training.ts';

/** @throws DomainError when it can't be trained: nothing is queued then. */
export async function startRun(context: Context, input: StartTrainingInput): Promise<Run> {
  if (input.extends !== undefined)
    throw new DomainError('INVALID_INPUT', 'A training run adds no images to a version.', {
      field: 'extends',
      fix: 'Use POST /v1/models/{name}/versions/{version}/extend, or "plumb models extend".',
    });
  const { database } = context;
  const claim = claimOf(context, 'runs.start', input);
  const before = await database.idempotency.find(claim);
  if (before !== null) return database.runs.get(before);
  await checkTraining(context, input);
  return database.runs.create(input, claim);
}
