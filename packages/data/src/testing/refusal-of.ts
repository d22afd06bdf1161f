/** @file The error of an import that must fail. */
import { DomainError } from '@plumbline/contracts';
import { openFolderBlobStore } from '../blob-store.ts';
import { importDataset } from '../import-dataset.ts';
import { filesBelow } from './dataset-files.ts';

/** Starts an import that must fail: gives its error, which has a mend, and sees to it that no image stays. */
export async function refusalOf(source: string, blobRoot: string): Promise<DomainError> {
  const error = await importDataset({ source, blobs: openFolderBlobStore(blobRoot) }).then(
    () => new Error('The import succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw error;
  if (error.fix === null) throw new Error(`No mend: ${error.message}`);
  const left = await filesBelow(blobRoot);
  if (left.length > 0) throw new Error(`Left in the store: ${left.join(', ')}`);
  return error;
}
