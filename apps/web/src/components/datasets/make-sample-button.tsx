/** @file Makes and imports the sample dataset with one click. */
'use client';

import { useMutation } from '@tanstack/react-query';
import { useMay } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { ImportProgress } from './import-progress.tsx';

export function MakeSampleButton({ variant = 'primary' }: { variant?: 'primary' | 'secondary' }) {
  const trpc = useTRPC();
  const mayImport = useMay('engineer');
  const mutation = useMutation(trpc.datasets.import.mutationOptions());
  if (!mayImport) return null;
  if (mutation.data) {
    return (
      <div className="w-full min-w-64 max-w-md text-left">
        <ImportProgress initial={mutation.data} />
      </div>
    );
  }
  return (
    <div className="space-y-3 text-left">
      <Button
        variant={variant}
        disabled={mutation.isPending}
        onClick={() => mutation.mutate({ name: 'sample', source: { kind: 'sample', seed: 0 } })}
      >
        Make the sample dataset
      </Button>
      {mutation.error ? <ErrorNotice error={errorBodyOf(mutation.error)} /> : null}
    </div>
  );
}
