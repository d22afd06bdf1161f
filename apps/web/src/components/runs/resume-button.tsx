/** @file Takes a run that failed or was cancelled up again. */
'use client';

import type { Run } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

export function ResumeButton({ run, onChanged }: { run: Run; onChanged: () => void }) {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.runs.resume.mutationOptions({ onSettled: onChanged }));
  return (
    <div className="space-y-2">
      <Button
        disabled={mutation.isPending}
        title="The run resumes from its last checkpoint, which is kept for seven days unless PLUMBLINE_CHECKPOINT_DAYS says otherwise. After that it starts over."
        onClick={() => mutation.mutate({ id: run.id })}
      >
        {mutation.isPending ? 'Resuming …' : 'Resume the run'}
      </Button>
      {mutation.error ? <ErrorNotice error={errorBodyOf(mutation.error)} /> : null}
    </div>
  );
}
