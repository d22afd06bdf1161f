/** @file Starts an import from the browser, after the upload of its file where it has one. */
'use client';

import type { DatasetImport, ErrorBody, ImportSource } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { UploadFailure, type UploadHandle, useUpload } from '~/components/uploads/use-upload.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { checkImport, type ImportDraft } from './import-draft.ts';

interface StartImport {
  readonly upload: UploadHandle;
  readonly isBusy: boolean;
  /** Of the last attempt. */
  readonly error: ErrorBody | null;
  start(draft: ImportDraft): Promise<void>;
}

export function useStartImport(onStarted: (started: DatasetImport) => void): StartImport {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.datasets.import.mutationOptions());
  const upload = useUpload();
  const [error, setError] = useState<ErrorBody | null>(null);

  const resolveSource = async (draft: ImportDraft): Promise<ImportSource | null> => {
    const { kind, path, seed, size, file } = draft;
    if (kind === 'path') return { kind, path };
    if (kind === 'sample') return { kind, seed: Number(seed) || 0, size };
    const uploadId = file === null ? null : await upload.start(file);
    return uploadId === null ? null : { kind, uploadId };
  };

  const start = async (draft: ImportDraft) => {
    setError(null);
    try {
      const { options, name } = checkImport(draft);
      const source = await resolveSource(draft);
      if (source !== null) onStarted(await mutation.mutateAsync({ ...options, name, source }));
    } catch (failure) {
      setError(failure instanceof UploadFailure ? failure.body : errorBodyOf(failure));
    }
  };
  return { upload, isBusy: mutation.isPending || upload.progress !== null, error, start };
}
