/** @file What may be started and resumed, and how it is refused. */
import { DomainError } from '@plumbline/contracts';
import { notFound, type Transaction } from '../client.ts';
import { ACTIVE } from '../jobs/job-rows.ts';

export function runNotFound(id: string): DomainError {
  return notFound('training run', id, 'List the runs with `plumb runs list`.');
}

/** Of what changes a model, one at a time. */
export async function lockModel(tx: Transaction, model: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`model/${model}`}))`;
}

/** @throws DomainError CONFLICT when the model belongs to another dataset. */
export async function assertModelFree(
  tx: Transaction,
  model: string,
  dataset: string,
): Promise<void> {
  const owner = await tx.model.findUnique({ where: { name: model } });
  if (owner !== null && owner.datasetName !== dataset) {
    throw modelTaken(model, 'was trained', owner.datasetName);
  }
  const other = await tx.trainingRun.findFirst({
    where: { model, status: { in: ACTIVE }, datasetName: { not: dataset } },
  });
  if (other !== null) throw modelTaken(model, 'is being trained', other.datasetName);
}

export function notResumable(status: string): DomainError {
  return status === 'succeeded'
    ? new DomainError('CONFLICT', 'The run has succeeded: there is nothing to resume.', {
        fix: 'Start another run to train again.',
      })
    : new DomainError('CONFLICT', `The run is ${status} already.`, {
        fix: 'Cancel it first, or wait for its end.',
      });
}

function modelTaken(model: string, how: string, dataset: string): DomainError {
  return new DomainError('CONFLICT', `The model "${model}" ${how} on the dataset "${dataset}".`, {
    field: 'model',
    fix: 'Choose another model name.',
  });
}
