/** @file Stores a dataset version: the first of its name, or the next one. */
import {
  type DatasetEdit,
  type DatasetManifest,
  DomainError,
  type ImportReport,
  NO_PROVENANCE,
  type Provenance,
  type Sample,
} from '@plumbline/contracts';
import { holdOffSweeps } from './blob-references.ts';
import { type Transaction, toJson } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import type { Attempt } from './jobs/attempt.ts';
import { lockOrigin } from './jobs/lock-origin.ts';

export interface ImportedDataset {
  readonly manifest: DatasetManifest;
  readonly hash: string;
  readonly report: ImportReport;
}

export interface NewVersion {
  readonly name: string;
  readonly imported: ImportedDataset;
  readonly attempt?: Attempt;
  /** Of a dataset that is new; nobody said when absent. */
  readonly provenance?: Provenance;
  /** Of a version that is made of an earlier one: that one's number, and what was changed. */
  readonly editOf?: { readonly version: number; readonly edit: DatasetEdit };
  assertStored?(): Promise<void>;
}

/** @throws SupersededError; a violation of uniqueness for a name that is taken; DomainError CONFLICT */
export async function insertVersion(tx: Transaction, input: NewVersion): Promise<void> {
  const { name, imported, attempt, editOf } = input;
  const { report, manifest, hash } = imported;
  if (attempt !== undefined) {
    const status = await lockOrigin(tx, Prisma.sql`"DatasetImport"`, attempt);
    if (status === 'succeeded') return;
  }
  await holdOffSweeps(tx);
  await input.assertStored?.();
  const version = editOf === undefined ? 1 : await advance(tx, name, editOf.version);
  if (editOf === undefined)
    await tx.dataset.create({
      data: { name, version, versionsMade: 1, ...(input.provenance ?? NO_PROVENANCE) },
    });
  await tx.datasetVersion.create({
    data: {
      ...{ datasetName: name, version, hash, testSet: '' },
      ...{ layout: report.layout, images: report.images, bytes: BigInt(report.bytes) },
      report: toJson(report),
      ...(manifest.ignore === undefined ? {} : { ignore: toJson(manifest.ignore) }),
      ...(editOf === undefined ? {} : { edit: toJson(editOf.edit) }),
    },
  });
  await insertSamples(tx, { name, version }, manifest.samples);
  await nameTestSet(tx, name, version);
  if (attempt !== undefined) {
    await tx.datasetImport.update({
      where: { id: attempt.id },
      data: { status: 'succeeded', finishedAt: new Date() },
    });
  }
}

/** @returns the number of the next version. @throws DomainError CONFLICT when another version came first */
async function advance(tx: Transaction, name: string, from: number): Promise<number> {
  const [next] = await tx.$queryRaw<{ version: number }[]>`
    UPDATE "Dataset" SET version = "versionsMade" + 1, "versionsMade" = "versionsMade" + 1
    WHERE name = ${name} AND version = ${from} RETURNING version`;
  if (next !== undefined) return next.version;
  throw new DomainError('CONFLICT', `The dataset "${name}" has another version by now.`, {
    fix: 'Look at it, and make the changes again.',
  });
}

/** One statement for all rows: `createMany` is ten times slower. */
async function insertSamples(
  tx: Transaction,
  { name, version }: { readonly name: string; readonly version: number },
  samples: readonly Sample[],
): Promise<void> {
  const column = (pick: (sample: Sample) => string | null) => samples.map(pick);
  await tx.$executeRaw`
    INSERT INTO "Sample" ("datasetName", version, position, category, split, label, "defectType", "imageSha256", "maskSha256", data)
    SELECT ${name}, ${version}, * FROM unnest(
      ${samples.map((_, index) => index)}::int[], ${column((s) => s.category)}::text[], ${column((s) => s.split)}::text[],
      ${column((s) => s.label)}::text[], ${column((s) => s.defectType)}::text[], ${column((s) => s.image.sha256)}::text[],
      ${column((s) => s.mask?.sha256 ?? null)}::text[], ${column((s) => JSON.stringify(s))}::jsonb[])`;
}

/**
 * By the database, in the one spelling that it has for a sample; the migration did the same for earlier versions. What is ignored
 * in test images belongs to it.
 */
async function nameTestSet(tx: Transaction, name: string, version: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE "DatasetVersion" SET "testSet" = (
      SELECT md5(coalesce(string_agg(data::text, ',' ORDER BY data ->> 'path' COLLATE "C"), '') || coalesce("DatasetVersion".ignore::text, ''))
      FROM "Sample" WHERE "datasetName" = ${name} AND version = ${version} AND split = 'test')
    WHERE "datasetName" = ${name} AND version = ${version}`;
}
