/** @file The rows that go together: what a dataset version or model version takes with it. */
import { createHash } from 'node:crypto';
import { type DeletionPlan, MAX_NAMED_ITEMS } from '@plumbline/contracts';
import type { Transaction } from '../client.ts';
import { Prisma } from '../generated/prisma/client.ts';

export interface DoomedVersion {
  readonly model: string;
  readonly version: number;
  /** Of the run or the result import that made it. */
  readonly origin: string;
  readonly serves: boolean;
  readonly aliases: readonly string[];
  readonly bytes: number;
}

export interface DoomedRun {
  readonly id: string;
  readonly model: string;
  readonly status: string;
}

/** An inspected image that is kept. */
export interface DoomedImage {
  /** Of its inspection. */
  readonly key: string;
  readonly at: Date;
  readonly model: string;
  readonly version: number;
}

export interface DoomedImages {
  readonly count: number;
  /** The newest ones. */
  readonly named: readonly DoomedImage[];
}

export const NO_IMAGES: DoomedImages = { count: 0, named: [] };

export interface Doomed {
  /** Null where no dataset goes; `isWhole` where nothing of it stays. */
  readonly dataset: {
    readonly name: string;
    readonly versions: readonly number[];
    readonly isWhole: boolean;
  } | null;
  readonly modelVersions: readonly DoomedVersion[];
  /** Those that no version is left of. */
  readonly models: readonly string[];
  readonly runs: readonly DoomedRun[];
  readonly resultImports: readonly DoomedRun[];
  /** Of the model versions. A line adds to them all the time: they are no part of the fingerprint. */
  readonly keptImages: DoomedImages;
}

export type Blocker = DeletionPlan['blockers'][number];

/** What goes with something, and what stands in its way. */
export interface Found {
  readonly doomed: Doomed;
  readonly blockers: readonly Blocker[];
  /** In a sentence. */
  readonly what: string;
  /** As in a `DeletionPlan`. */
  readonly typed: string | null;
}

/** Conditions on "ModelVersion" v of "Model" m, on "TrainingRun" and on "ResultImport". */
export interface Grounds {
  readonly versions: Prisma.Sql;
  readonly runs: Prisma.Sql;
  readonly resultImports: Prisma.Sql;
}

export const NONE = Prisma.sql`false`;

/** A version goes with the run or import that made it. */
export async function gather(tx: Transaction, grounds: Grounds): Promise<Omit<Doomed, 'dataset'>> {
  const modelVersions = await tx.$queryRaw<DoomedVersion[]>`
    SELECT v."modelName" AS model, v.version, v."runId" AS origin, v."sizeBytes"::float8 AS bytes,
      coalesce(m."promotedVersion" = v.version, false) AS serves,
      ARRAY(SELECT alias FROM "ModelAlias" a WHERE a."modelName" = v."modelName" AND a.version = v.version
        ORDER BY alias) AS aliases
    FROM "ModelVersion" v JOIN "Model" m ON m.name = v."modelName"
    WHERE ${grounds.versions} ORDER BY 1, 2`;
  const origins = modelVersions.map(({ origin }) => origin);
  const runs = await tx.$queryRaw<DoomedRun[]>`
    SELECT id, model, status FROM "TrainingRun"
    WHERE (${grounds.runs}) OR id = ANY(${origins}) ORDER BY "createdAt", id`;
  const resultImports = await tx.$queryRaw<DoomedRun[]>`
    SELECT id, "modelName" AS model, status FROM "ResultImport"
    WHERE (${grounds.resultImports}) OR id = ANY(${origins}) ORDER BY "createdAt", id`;
  const models = await emptied(tx, modelVersions);
  const keptImages = await keptOf(tx, modelVersions);
  return { modelVersions, models, runs, resultImports, keptImages };
}

async function keptOf(tx: Transaction, versions: readonly DoomedVersion[]): Promise<DoomedImages> {
  const names = versions.map(({ model }) => model);
  const numbers = versions.map(({ version }) => version);
  const ofThem = Prisma.sql`FROM "KeptImage" k JOIN unnest(${names}::text[], ${numbers}::int[]) AS gone (model, version)
    ON k."modelName" = gone.model AND k."modelVersion" = gone.version`;
  const [row] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count ${ofThem}`;
  const named = await tx.$queryRaw<DoomedImage[]>`
    SELECT k.key, k.at, k."modelName" AS model, k."modelVersion" AS version ${ofThem}
    ORDER BY k.at DESC, k.key LIMIT ${MAX_NAMED_ITEMS}`;
  return { count: row?.count ?? 0, named };
}

async function emptied(tx: Transaction, doomed: readonly DoomedVersion[]): Promise<string[]> {
  const going = new Map<string, number>();
  for (const { model } of doomed) going.set(model, (going.get(model) ?? 0) + 1);
  const rows = await tx.$queryRaw<{ name: string; versions: number }[]>`
    SELECT "modelName" AS name, count(*)::int AS versions FROM "ModelVersion"
    WHERE "modelName" = ANY(${[...going.keys()]}) GROUP BY 1 ORDER BY 1`;
  return rows.filter(({ name, versions }) => going.get(name) === versions).map(({ name }) => name);
}

/** Equal for equal rows. */
export function fingerprint({ dataset, modelVersions, runs, resultImports }: Doomed): string {
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
  const versions = modelVersions.map(({ model, version, origin }) => [model, version, origin]);
  const seen = [dataset, versions, ids(runs), ids(resultImports)];
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex');
}

/** In one statement each; samples, results, profiles, losses and logs go by their foreign keys. */
export async function removeRows(tx: Transaction, doomed: Doomed): Promise<void> {
  const { dataset, modelVersions, models, runs, resultImports } = doomed;
  const names = modelVersions.map(({ model }) => model);
  const numbers = modelVersions.map(({ version }) => version);
  await tx.$executeRaw`
    DELETE FROM "Inspection" i USING unnest(${names}::text[], ${numbers}::int[]) AS gone (model, version)
    WHERE i."modelName" = gone.model AND i."modelVersion" = gone.version`;
  await tx.$executeRaw`
    DELETE FROM "ModelVersion" v USING unnest(${names}::text[], ${numbers}::int[]) AS gone (model, version)
    WHERE v."modelName" = gone.model AND v.version = gone.version`;
  await tx.model.deleteMany({ where: { name: { in: [...models] } } });
  const ids = (rows: readonly DoomedRun[]) => rows.map(({ id }) => id);
  await tx.$executeRaw`DELETE FROM "TrainingRun" WHERE id = ANY(${ids(runs)})`;
  await tx.$executeRaw`DELETE FROM "ResultImport" WHERE id = ANY(${ids(resultImports)})`;
  if (dataset !== null) await removeDataset(tx, dataset);
}

async function removeDataset(
  tx: Transaction,
  { name, versions, isWhole }: NonNullable<Doomed['dataset']>,
): Promise<void> {
  if (isWhole) {
    await tx.model.deleteMany({ where: { datasetName: name } });
    await tx.dataset.delete({ where: { name } });
    await tx.datasetImport.deleteMany({ where: { name } });
    return;
  }
  await tx.datasetVersion.deleteMany({
    where: { datasetName: name, version: { in: [...versions] } },
  });
  await tx.$executeRaw`
    UPDATE "Dataset" SET version = (SELECT max(version) FROM "DatasetVersion" WHERE "datasetName" = ${name})
    WHERE name = ${name}`;
}
