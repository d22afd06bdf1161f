/** @file Deletion of a dataset or of one of its versions: what was trained on it has lost its ground, and goes too. */
import { versionLabel } from '@plumbline/contracts';
import { notFound, type Transaction } from '../client.ts';
import { findVersion } from '../find-dataset-version.ts';
import { Prisma } from '../generated/prisma/client.ts';
import {
  activeBatches,
  activeChanges,
  activeResults,
  activeRuns,
  aliased,
  otherActiveRuns,
  serving,
} from './blockers.ts';
import { type Blocker, type Doomed, type Found, type Grounds, gather } from './doomed.ts';

/**
 * Nothing that needs the dataset can be asked for until the transaction ends: whatever is holds its row
 * (`holdDataset`). Before any lock on a model.
 */
export async function lockDataset(tx: Transaction, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`dataset/${name}`}))`;
  await tx.$executeRaw`SELECT 1 FROM "Dataset" WHERE name = ${name} FOR UPDATE`;
}

/** @throws DomainError NOT_FOUND */
export async function findDataset(
  tx: Transaction,
  { name, version }: { readonly name: string; readonly version?: number },
): Promise<Found> {
  const rows = await tx.datasetVersion.findMany({
    where: { datasetName: name },
    orderBy: { version: 'asc' },
    select: { version: true },
  });
  const all = rows.map((row) => row.version);
  if (all.length === 0)
    throw notFound('dataset', name, 'List the datasets with `plumb datasets list`.');
  if (version === undefined) {
    const dataset = { name, versions: all, isWhole: true };
    const doomed = { dataset, ...(await gather(tx, groundsOfAll(name))) };
    const blockers = await blockersOf(tx, doomed, true);
    return { doomed, blockers, what: `the dataset "${name}"`, typed: name };
  }
  const { hash } = await findVersion(tx, name, version);
  const dataset = { name, versions: [version], isWhole: false };
  const grounds = groundsOfOne(name, version, versionLabel(version, hash));
  const doomed = { dataset, ...(await gather(tx, grounds)) };
  const blockers = await blockersOf(tx, doomed, version === all.at(-1));
  const only: Blocker[] =
    all.length > 1
      ? []
      : [
          {
            reason: `${name} has no other version.`,
            fix: `Delete the whole dataset: \`plumb datasets delete ${name}\`.`,
          },
        ];
  const what = `version ${version} of the dataset "${name}"`;
  return { doomed, blockers: [...only, ...blockers], what, typed: null };
}

function groundsOfAll(name: string): Grounds {
  return {
    versions: Prisma.sql`m."datasetName" = ${name}`,
    runs: Prisma.sql`"datasetName" = ${name}`,
    resultImports: Prisma.sql`"datasetName" = ${name}`,
  };
}

function groundsOfOne(name: string, version: number, label: string): Grounds {
  return {
    versions: Prisma.sql`m."datasetName" = ${name} AND v.manifest -> 'lineage' ->> 'datasetVersion' = ${label}`,
    runs: Prisma.sql`"datasetName" = ${name} AND "datasetVersion" = ${label}`,
    resultImports: Prisma.sql`"datasetName" = ${name} AND (input ->> 'datasetVersion')::int = ${version}`,
  };
}

/** @param isLatest Of the versions that go: what changes or adds images takes the latest one. */
async function blockersOf(tx: Transaction, doomed: Doomed, isLatest: boolean): Promise<Blocker[]> {
  const name = doomed.dataset?.name ?? '';
  const extending = Prisma.sql`input -> 'extends' ->> 'from' = ${name}`;
  return [
    ...activeRuns(doomed.runs),
    ...activeResults(doomed.resultImports),
    ...(isLatest ? await otherActiveRuns(tx, extending, doomed) : []),
    ...(await otherActiveRuns(tx, extendingOneOf(doomed), doomed)),
    ...(isLatest ? await activeChanges(tx, name) : []),
    ...(await activeBatches(tx, readingOrUsing(doomed))),
    ...serving(doomed.modelVersions),
    ...aliased(doomed.modelVersions),
  ];
}

/** Runs that add images to a model version which goes. */
function extendingOneOf({ modelVersions }: Doomed): Prisma.Sql {
  const names = modelVersions.map(({ model }) => model);
  const numbers = modelVersions.map(({ version }) => version);
  return Prisma.sql`EXISTS (
    SELECT 1 FROM unnest(${names}::text[], ${numbers}::int[]) AS gone (model, version)
    WHERE gone.model = "TrainingRun".model AND gone.version = (input -> 'extends' ->> 'version')::int)`;
}

/** Batches that read one of the versions that go, or are inspected by a model version that goes. */
function readingOrUsing({ dataset, modelVersions }: Doomed): Prisma.Sql {
  const names = modelVersions.map(({ model }) => model);
  const numbers = modelVersions.map(({ version }) => version);
  const source = Prisma.sql`input -> 'source'`;
  return Prisma.sql`
    (${source} ->> 'name' = ${dataset?.name ?? ''} AND (${source} ->> 'version')::int = ANY(${[...(dataset?.versions ?? [])]}::int[]))
    OR EXISTS (
      SELECT 1 FROM unnest(${names}::text[], ${numbers}::int[]) AS gone (model, version)
      WHERE gone.model = "modelName" AND gone.version = "modelVersion")`;
}
