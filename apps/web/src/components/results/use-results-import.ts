/** @file One import of results from the browser: upload, asking for it, and following it to its end. */
'use client';

import type { ErrorBody, ImportResultsInput, ResultImport } from '@plumbline/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { UploadFailure } from '~/components/uploads/upload-failure.ts';
import { type UploadHandle, useUpload } from '~/components/uploads/use-upload.ts';
import { useRefreshWhenDone } from '~/components/use-refresh-when-done.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

export interface ResultsImport {
  readonly upload: UploadHandle;
  /** Once the API has taken it. */
  readonly current: ResultImport | null;
  readonly busy: boolean;
  /** Of the last attempt. */
  readonly error: ErrorBody | null;
  start(input: Omit<ImportResultsInput, 'source'>, source: File | string): Promise<void>;
  /** Forgets the error. */
  dismiss(): void;
  /** Back to the beginning. */
  reset(): void;
}

export function useResultsImport(): ResultsImport {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.results.import.mutationOptions());
  const client = useQueryClient();
  const upload = useUpload();
  const [id, setId] = useState<string | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  // A file that is here already is not sent again when only a field had to be fixed.
  const sent = useRef<{ file: File; uploadId: string } | null>(null);
  const query = useQuery({
    ...trpc.results.importStatus.queryOptions({ id: id ?? '' }),
    enabled: id !== null,
    refetchInterval: (state) => (isActive(state.state.data?.status) ? 1000 : false),
  });
  const current = id === null ? null : (query.data ?? mutation.data ?? null);
  const active = current !== null && isActive(current.status) && query.error === null;
  useRefreshWhenDone(active);
  useEffect(() => {
    if (!active) void client.invalidateQueries(trpc.results.imports.queryFilter());
  }, [active, client, trpc]);

  const dismiss = () => {
    setId(null);
    setError(null);
  };

  const uploaded = async (file: File): Promise<string | null> => {
    if (sent.current?.file === file) return sent.current.uploadId;
    const uploadId = await upload.start(file);
    sent.current = uploadId === null ? null : { file, uploadId };
    return uploadId;
  };

  const start: ResultsImport['start'] = async (input, source) => {
    dismiss();
    try {
      if (typeof source === 'string') {
        const path = { kind: 'path', path: source } as const;
        setId((await mutation.mutateAsync({ ...input, source: path })).id);
        return;
      }
      const uploadId = await uploaded(source);
      if (uploadId === null) return;
      const file = { kind: 'upload', uploadId, fileName: source.name } as const;
      setId((await mutation.mutateAsync({ ...input, source: file })).id);
    } catch (failure) {
      setError(failure instanceof UploadFailure ? failure.body : errorBodyOf(failure));
    }
  };

  return {
    upload,
    current,
    busy: upload.progress !== null || mutation.isPending || active,
    error: error ?? current?.error ?? (query.error === null ? null : errorBodyOf(query.error)),
    start,
    dismiss,
    reset: () => {
      // The platform has taken the upload up.
      sent.current = null;
      dismiss();
    },
  };
}
