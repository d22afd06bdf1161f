/** @file What stands in the way of a deletion, in words with what to do first. */
import type { Transaction } from '../client.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { ACTIVE, isActive } from '../jobs/job-rows.ts';
import type { Blocker, Doomed, DoomedRun, DoomedVersion } from './doomed.ts';

export function activeRuns(runs: readonly DoomedRun[]): Blocker[] {
  return runs.filter(isActive).map(({ id, model, status }) => ({
    reason: `The training run ${id} of ${model} is ${status}.`,
    fix: `Cancel it with \`plumb runs cancel ${id}\`, or wait for its end.`,
  }));
}

export function activeResults(imports: readonly DoomedRun[]): Blocker[] {
  return imports.filter(isActive).map(({ id, model, status }) => ({
    reason: `The import ${id} of results for ${model} is ${status}.`,
    fix: 'Wait for its end.',
  }));
}

export function serving(versions: readonly DoomedVersion[]): Blocker[] {
  return versions
    .filter(({ serves }) => serves)
    .map(({ model, version }) => ({
      reason: `${model} version ${version} answers predictions.`,
      fix: `Promote a version that stays with \`plumb models promote ${model} <version>\`, or delete the model first with \`plumb models delete ${model}\`.`,
    }));
}

/** Requests that name an alias would be answered by nobody. */
export function aliased(versions: readonly DoomedVersion[]): Blocker[] {
  return versions.flatMap(({ model, version, aliases }) =>
    aliases.map((alias) => ({
      reason: `${model} version ${version} answers for the alias ${alias}.`,
      fix: `Let it point to a version that stays with \`plumb models alias ${model} ${alias} <version>\`, or remove it with \`plumb models alias ${model} ${alias} --remove\`.`,
    })),
  );
}

/** Rows with a condition on "TrainingRun", beyond those that go themselves. */
export async function otherActiveRuns(
  tx: Transaction,
  condition: Prisma.Sql,
  { runs }: Pick<Doomed, 'runs'>,
): Promise<Blocker[]> {
  const rows = await tx.$queryRaw<DoomedRun[]>`
    SELECT id, model, status FROM "TrainingRun" WHERE status = ANY(${ACTIVE}) AND (${condition})`;
  return activeRuns(rows.filter(({ id }) => !runs.some((run) => run.id === id)));
}

/** Changes to the dataset, and those of others that add its images. */
export async function activeChanges(tx: Transaction, dataset: string): Promise<Blocker[]> {
  const adding = JSON.stringify({ changes: [{ kind: 'add', from: dataset }] });
  const rows = await tx.$queryRaw<{ id: string; name: string; status: string }[]>`
    SELECT id, name, status FROM "DatasetImport"
    WHERE status = ANY(${ACTIVE}) AND (name = ${dataset} OR source @> ${adding}::jsonb)`;
  return rows.map(({ id, name, status }) => ({
    reason: `A version of ${name} is being made of it (import ${id}, ${status}).`,
    fix: 'Wait for its end.',
  }));
}

/** Batches with a condition on "InspectionBatch". */
export async function activeBatches(tx: Transaction, condition: Prisma.Sql): Promise<Blocker[]> {
  const rows = await tx.$queryRaw<{ id: string; name: string; status: string }[]>`
    SELECT id, "modelName" || ' version ' || "modelVersion" AS name, status FROM "InspectionBatch"
    WHERE status = ANY(${ACTIVE}) AND (${condition})`;
  return rows.map(({ id, name, status }) => ({
    reason: `The batch ${id} of ${name} is ${status}.`,
    fix: `Cancel it with \`plumb batches cancel ${id}\`, or wait for its end.`,
  }));
}
