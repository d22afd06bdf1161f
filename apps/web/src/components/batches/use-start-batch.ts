/** @file Starts a batch from the browser, after the upload of its images where it has some. */
'use client';

import type { ErrorBody } from '@plumbline/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { UploadFailure } from '~/components/uploads/upload-failure.ts';
import { type PickedUpload, usePickedUpload } from '~/components/uploads/use-picked-upload.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { type BatchChoice, type BatchDraft, batchInput, datasetSource } from './batch-draft.ts';

interface StartBatch {
  readonly uploading: PickedUpload;
  readonly isBusy: boolean;
  /** Of the last attempt. */
  readonly error: ErrorBody | null;
  /** Whether the last one was taken. */
  readonly isStarted: boolean;
  start(draft: BatchDraft): Promise<void>;
}

export function useStartBatch(choice: BatchChoice): StartBatch {
  const trpc = useTRPC();
  const client = useQueryClient();
  const mutation = useMutation(trpc.batches.start.mutationOptions());
  const uploading = usePickedUpload();
  const [error, setError] = useState<ErrorBody | null>(null);

  const sourceOf = async (draft: BatchDraft) => {
    const { kind, picked } = draft;
    if (kind === 'dataset') return datasetSource(draft);
    const uploadId = picked === null ? null : await uploading.start(picked);
    if (picked === null || uploadId === null) return null;
    return { kind, uploadId, fileName: picked.name };
  };

  const start = async (draft: BatchDraft) => {
    setError(null);
    mutation.reset();
    try {
      const source = await sourceOf(draft);
      if (source === null) return;
      await mutation.mutateAsync(batchInput(draft, choice, source));
      await client.invalidateQueries(trpc.batches.list.queryFilter());
    } catch (failure) {
      setError(failure instanceof UploadFailure ? failure.body : errorBodyOf(failure));
    }
  };
  const isUploading = uploading.packing !== null || uploading.upload.progress !== null;
  const { isPending, isSuccess: isStarted } = mutation;
  return { uploading, isBusy: isPending || isUploading, error, isStarted, start };
}
