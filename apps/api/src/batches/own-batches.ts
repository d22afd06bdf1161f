/** @file Whose batches somebody sees: their own; engineers see all. */
import { type Batch, DomainError, isAtLeast } from '@plumbline/contracts';
import type { StoredBatch } from '@plumbline/db';
import type { Principal } from '../access/principal.ts';
import type { Services } from '../context.ts';

type Asking = Pick<Services, 'database' | 'batchDays'> & { readonly principal: Principal };

const DAY_MS = 86_400_000;

export async function listBatches(context: Asking): Promise<Batch[]> {
  const { database, principal } = context;
  const owner = seesAll(principal) ? undefined : principal.id;
  const batches = await database.batches.list(owner);
  return batches.map((batch) => toBatch(context, batch));
}

/** @throws DomainError NOT_FOUND, also for somebody else's */
export async function ownBatch(context: Asking, id: string): Promise<Batch> {
  const { database, principal } = context;
  const batch = await database.batches.get(id);
  if (!seesAll(principal) && (await database.batches.input(id)).owner !== principal.id)
    throw new DomainError('NOT_FOUND', `There is no batch "${id}" of yours.`, {
      fix: 'See "plumb batches list": it has those that you started. Engineers see all.',
    });
  return toBatch(context, batch);
}

export async function cancelBatch(context: Asking, id: string): Promise<Batch> {
  await ownBatch(context, id);
  return toBatch(context, await context.database.batches.cancel(id));
}

export function toBatch({ batchDays }: Pick<Services, 'batchDays'>, batch: StoredBatch): Batch {
  const { finishedAt } = batch;
  const keptUntil =
    finishedAt === null
      ? null
      : new Date(Date.parse(finishedAt) + batchDays * DAY_MS).toISOString();
  return { ...batch, keptUntil };
}

function seesAll({ role }: Principal): boolean {
  return isAtLeast(role, 'engineer');
}
