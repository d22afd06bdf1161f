/** @file The version of a dataset that something is asked for: the named one, or the latest. */
import { type Client, notFound, type Transaction } from './client.ts';
import type { DatasetVersion } from './generated/prisma/client.ts';

/** It is not deleted, nor one of its versions, until the transaction ends. Before any lock on a model. */
export async function holdDataset(tx: Transaction, name: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM "Dataset" WHERE name = ${name} FOR KEY SHARE`;
}

/** Holds one that images are taken from. @throws DomainError NOT_FOUND */
export async function holdSource(tx: Transaction, name: string): Promise<void> {
  await holdDataset(tx, name);
  await findVersion(tx, name);
}

/** Without its report, which is large. @throws DomainError NOT_FOUND */
export async function findVersion(
  client: Client | Transaction,
  name: string,
  version?: number,
): Promise<Omit<DatasetVersion, 'report' | 'edit'>> {
  const dataset = await client.dataset.findUnique({ where: { name } });
  if (dataset === null)
    throw notFound('dataset', name, 'Import it first, or see `plumb datasets list`.');
  const row = await client.datasetVersion.findUnique({
    where: { datasetName_version: { datasetName: name, version: version ?? dataset.version } },
    omit: { report: true, edit: true },
  });
  if (row !== null) return row;
  throw notFound(
    'version of the dataset',
    `${name} v${version}`,
    `The latest is v${dataset.version}; see \`plumb datasets versions ${name}\`.`,
  );
}
