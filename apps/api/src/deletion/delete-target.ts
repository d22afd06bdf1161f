/** @file Deletes a dataset, a model or a run, says so in the log, and lets go of what served. */
import { type DeletionPlan, type DeletionTarget, deletedWords } from '@plumbline/contracts';
import type { Context } from '../context.ts';

/**
 * @param seen Of the plan that whoever asks has looked at.
 * @returns what went
 * @throws DomainError NOT_FOUND; CONFLICT while something stands in the way, or when something else would go than was seen
 */
export async function deleteTarget(
  { database, principal, served }: Context,
  target: DeletionTarget,
  seen?: string,
): Promise<DeletionPlan> {
  const by = principal.name;
  const { plan, models } = await database.deletions.delete(target, { by, seen });
  console.error(`Deleted by ${by}: ${plan.what} (${deletedWords(plan).join(', ')}).`);
  await Promise.all(models.map((model) => served.forget(model)));
  return plan;
}
