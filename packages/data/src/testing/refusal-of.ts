/** @file The error of what must fail. */
import { DomainError } from '@plumbline/contracts';
import { importDataset } from '../import/import-dataset.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import { filesBelow } from './dataset-files.ts';

/** Starts an import that must fail: gives its error, which says how to fix it, and sees to it that no image stays. */
export async function refusalOf(source: string, blobRoot: string): Promise<DomainError> {
  const blobs = openFolderBlobStore(blobRoot);
  const error = await errorOf(importDataset({ source, blobs }));
  const left = await filesBelow(blobRoot);
  if (left.length > 0) throw new Error(`Left in the store: ${left.join(', ')}`);
  return error;
}

/** What something that must fail fails with: an error that the user can fix. */
export async function errorOf(failing: Promise<unknown>): Promise<DomainError> {
  const error = await failing.then(
    () => new Error('It succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw error;
  if (error.fix === null) throw new Error(`No fix: ${error.message}`);
  return error;
}
