/** @file Asks for the next version of a dataset. */
'use client';

import type { DatasetChange, DatasetImport, ErrorBody } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

export interface EditDataset {
  /** As it was asked for; null before. */
  readonly started: DatasetImport | null;
  readonly isBusy: boolean;
  readonly error: ErrorBody | null;
  edit(changes: DatasetChange[], note: string): void;
}

export function useEditDataset(name: string): EditDataset {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.datasets.edit.mutationOptions());
  return {
    started: mutation.data ?? null,
    isBusy: mutation.isPending,
    error: mutation.error ? errorBodyOf(mutation.error) : null,
    edit: (changes, note) => mutation.mutate({ name, changes, note }),
  };
}
