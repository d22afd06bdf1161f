/** @file Makes a version the one that answers inspections. */
'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

export function PromoteButton({ model, version }: { model: string; version: number }) {
  const trpc = useTRPC();
  const router = useRouter();
  const mutation = useMutation(
    trpc.models.promote.mutationOptions({ onSuccess: () => router.refresh() }),
  );
  return (
    <>
      <Button
        variant="secondary"
        disabled={mutation.isPending}
        onClick={() => mutation.mutate({ name: model, version })}
      >
        Promote<span className="sr-only"> version {version}</span>
      </Button>
      {mutation.error ? <ErrorNotice error={errorBodyOf(mutation.error)} /> : null}
    </>
  );
}
