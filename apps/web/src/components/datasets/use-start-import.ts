/** @file Starts an import from the browser, after the upload of its files where it has some. */
'use client';

import type {
  DatasetImport,
  ErrorBody,
  ImportDatasetInput,
  ImportSource,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { UploadFailure } from '~/components/uploads/upload-failure.ts';
import { type PickedUpload, usePickedUpload } from '~/components/uploads/use-picked-upload.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { checkImport, type ImportDraft } from './import-draft.ts';

interface StartImport {
  readonly uploading: PickedUpload;
  readonly isBusy: boolean;
  /** Of the last attempt. */
  readonly error: ErrorBody | null;
  start(draft: ImportDraft): Promise<void>;
}

export function useStartImport(
  onStarted: (started: DatasetImport, request: ImportDatasetInput) => void,
): StartImport {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.datasets.import.mutationOptions());
  const uploading = usePickedUpload();
  const [error, setError] = useState<ErrorBody | null>(null);

  const resolveSource = async (draft: ImportDraft): Promise<ImportSource | null> => {
    const { kind, path, seed, size, picked } = draft;
    if (kind === 'path') return { kind, path };
    if (kind === 'sample') return { kind, seed: Number(seed) || 0, size };
    const uploadId = picked === null ? null : await uploading.start(picked);
    return uploadId === null ? null : { kind, uploadId };
  };

  const start = async (draft: ImportDraft) => {
    setError(null);
    try {
      const { options, name, provenance } = checkImport(draft);
      const source = await resolveSource(draft);
      if (source === null) return;
      const request = { ...options, name, source, provenance };
      onStarted(await mutation.mutateAsync(request), request);
    } catch (failure) {
      setError(failure instanceof UploadFailure ? failure.body : errorBodyOf(failure));
    }
  };
  const isUploading = uploading.packing !== null || uploading.upload.progress !== null;
  return { uploading, isBusy: mutation.isPending || isUploading, error, start };
}
