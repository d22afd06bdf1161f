/** @file Deletion of a model or of one of its versions, with the run or import that made each. */
import { notFound, type Transaction } from '../client.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { ACTIVE } from '../jobs/job-rows.ts';
import { activeBatches, activeResults, aliased, otherActiveRuns, serving } from './blockers.ts';
import { type Blocker, type Doomed, type DoomedRun, type Found, gather, NONE } from './doomed.ts';

/** A whole model may go while it serves: that is what is asked for then. @throws DomainError NOT_FOUND */
export async function findModel(
  tx: Transaction,
  { name, version }: { readonly name: string; readonly version?: number },
): Promise<Found> {
  const own = Prisma.sql`v."modelName" = ${name}`;
  const versions = version === undefined ? own : Prisma.sql`${own} AND v.version = ${version}`;
  const gathered = await gather(tx, { versions, runs: NONE, resultImports: NONE });
  const doomed: Doomed = { dataset: null, ...gathered };
  if (doomed.modelVersions.length === 0) throw missing(name, version);
  if (version === undefined) {
    const blockers = [
      ...(await otherActiveRuns(tx, Prisma.sql`model = ${name}`, doomed)),
      ...activeResults(await activeImports(tx, name)),
      ...(await activeBatches(tx, Prisma.sql`"modelName" = ${name}`)),
    ];
    return { doomed, blockers, what: `the model "${name}"`, typed: name };
  }
  const extending = Prisma.sql`model = ${name} AND (input -> 'extends' ->> 'version')::int = ${version}`;
  const blockers: Blocker[] = [
    ...(await otherActiveRuns(tx, extending, doomed)),
    ...(await activeBatches(tx, Prisma.sql`"modelName" = ${name} AND "modelVersion" = ${version}`)),
    ...serving(doomed.modelVersions),
    ...aliased(doomed.modelVersions),
  ];
  return { doomed, blockers, what: `version ${version} of the model "${name}"`, typed: null };
}

async function activeImports(tx: Transaction, model: string): Promise<DoomedRun[]> {
  return tx.$queryRaw<DoomedRun[]>`
    SELECT id, "modelName" AS model, status FROM "ResultImport"
    WHERE "modelName" = ${model} AND status = ANY(${ACTIVE})`;
}

function missing(name: string, version: number | undefined) {
  return version === undefined
    ? notFound('model', name, 'List the models with `plumb models list`.')
    : notFound('version', `${name}/${version}`, `See \`plumb models show ${name}\`.`);
}
