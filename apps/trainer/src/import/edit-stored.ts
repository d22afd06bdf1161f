/** @file Makes the next version of a stored dataset. */
import type { DatasetEdit, Sample } from '@plumbline/contracts';
import { type BlobStore, editDataset, type ImportedDataset, type KeptLooks } from '@plumbline/data';
import type { Database } from '@plumbline/db';

export interface StoredEdit {
  /** Of the dataset. */
  readonly name: string;
  readonly edit: DatasetEdit;
  readonly blobs: BlobStore;
  readonly looks: KeptLooks;
  readonly report: (done: number, total: number) => void;
}

export interface EditedDataset {
  readonly imported: ImportedDataset;
  /** The version that was changed, and how. */
  readonly editOf: { readonly version: number; readonly edit: DatasetEdit };
}

/** @throws DomainError as `editDataset` */
export async function editStored(
  { database, signal }: { readonly database: Database; readonly signal: AbortSignal },
  { name, edit, blobs, looks, report }: StoredEdit,
): Promise<EditedDataset> {
  const { datasets } = database;
  const { changes, note } = edit;
  const { version, manifest } = await datasets.manifest(name);
  const addedFrom = new Map<string, readonly Sample[]>();
  for (const change of changes) {
    if (change.kind !== 'add') continue;
    addedFrom.set(change.from, (await datasets.manifest(change.from)).manifest.samples);
  }
  const imported = await editDataset({
    ...{ manifest, changes, addedFrom, blobs, looks, signal },
    onProgress: report,
  });
  return { imported, editOf: { version, edit: { changes, note } } };
}
