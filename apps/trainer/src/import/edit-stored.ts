/** @file Makes the next version of a stored dataset. */
import type {
  DatasetChange,
  DatasetEdit,
  DatasetManifest,
  PlatformHome,
  S3Access,
  Sample,
  ValueRange,
} from '@plumbline/contracts';
import {
  type BlobStore,
  editDataset,
  type ImportedDataset,
  importDataset,
  type KeptLooks,
  type Stores,
  takeInspected,
} from '@plumbline/data';
import type { Database } from '@plumbline/db';
import { filesOf } from './upload-path.ts';

interface EditJob {
  readonly database: Database;
  readonly home: PlatformHome;
  readonly stores: Stores;
  /** Where buckets are; as the AWS configuration of the machine says, if absent. */
  readonly s3?: S3Access | undefined;
  readonly signal: AbortSignal;
}

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

/** @throws DomainError as `editDataset`, and as `importDataset` of files that are added */
export async function editStored(
  { database, home, stores, s3, signal }: EditJob,
  { name, edit, blobs, looks, report }: StoredEdit,
): Promise<EditedDataset> {
  const { datasets } = database;
  const { changes, note } = edit;
  const { version, manifest } = await datasets.manifest(name);
  const added = new Map<DatasetChange, DatasetManifest>();
  for (const change of changes) {
    if (change.kind === 'add') added.set(change, (await datasets.manifest(change.from)).manifest);
    if (change.kind === 'addFiles') {
      const source = filesOf({ home, stores }, change.source);
      const knownRanges = rangesOf(manifest.samples);
      const categories = [...new Set(manifest.samples.map(({ category }) => category))];
      const files = await importDataset({
        ...{ source, s3, blobs, looks, knownRanges, categories, signal },
      });
      added.set(change, files.manifest);
    }
    if (change.kind === 'addInspected') {
      const stored = await database.keptImages.find(
        change.images.map(({ inspection }) => inspection),
      );
      const own = manifest.samples;
      const samples = await takeInspected({
        ...{ images: change.images, stored, blobs, signal },
        categories: [...new Set(own.map(({ category }) => category))],
        knownRanges: rangesOf(own),
      });
      const { formatVersion, layout } = manifest;
      added.set(change, { formatVersion, layout, samples });
    }
  }
  const imported = await editDataset({
    ...{ manifest, changes, added, blobs, looks, signal },
    onProgress: report,
  });
  return { imported, editOf: { version, edit: { changes, note } } };
}

/** Uploads that the changes have added, which are no longer needed. */
export function uploadsOf({ changes }: DatasetEdit): string[] {
  return changes.flatMap((change) =>
    change.kind === 'addFiles' && change.source.kind === 'upload' ? [change.source.uploadId] : [],
  );
}

function rangesOf(samples: readonly Sample[]): Map<string, ValueRange> {
  return new Map(
    samples.flatMap(({ category, range }) => (range === undefined ? [] : [[category, range]])),
  );
}
