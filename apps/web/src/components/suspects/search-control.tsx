/** @file Starts a search for suspects, and shows how far it is, with the way to stop it. */
'use client';

import type { SuspectReview } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { ForRole } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface SearchControlProps {
  review: SuspectReview;
  onChanged: () => void;
}

export function SearchControl({ review, onChanged }: SearchControlProps) {
  const trpc = useTRPC();
  const { dataset: name, version, latest, search } = review;
  const start = useMutation(trpc.suspects.start.mutationOptions({ onSettled: onChanged }));
  if (latest !== null && isActive(latest.status))
    return <SearchProgress latest={latest} onChanged={onChanged} />;
  const isDone = search?.version === version;
  return (
    <div className="space-y-3">
      {latest?.status === 'failed' && latest.error ? (
        <ErrorNotice error={latest.error} title="The images were not looked through" />
      ) : null}
      {latest?.status === 'cancelled' ? <p role="status">The search was cancelled.</p> : null}
      <ForRole least="engineer">
        <div className="flex flex-wrap items-center gap-3">
          <Button
            variant="secondary"
            disabled={start.isPending}
            onClick={() => start.mutate({ name, version })}
          >
            {isDone ? 'Look through again' : 'Look through the training images'}
          </Button>
          {isDone ? null : (
            <p className="text-ink-soft text-sm">
              Each is compared with the others; nothing is trained. Takes seconds per hundred
              images.
            </p>
          )}
        </div>
      </ForRole>
      {start.error ? <ErrorNotice error={errorBodyOf(start.error)} /> : null}
    </div>
  );
}

interface SearchProgressProps {
  latest: NonNullable<SuspectReview['latest']>;
  onChanged: () => void;
}

function SearchProgress({ latest, onChanged }: SearchProgressProps) {
  const trpc = useTRPC();
  const cancel = useMutation(trpc.suspects.cancel.mutationOptions({ onSettled: onChanged }));
  const { id, status, checked, total, cancelRequested } = latest;
  return (
    <div className="flex flex-wrap items-end gap-4">
      <div className="min-w-0 grow">
        <ProgressBar
          label={status === 'queued' ? 'Waiting for a trainer' : 'Comparing the training images'}
          value={total ? checked / total : null}
        />
      </div>
      <ForRole least="engineer">
        <Button
          variant="secondary"
          disabled={cancelRequested || cancel.isPending}
          onClick={() => cancel.mutate({ id })}
        >
          Cancel the search
        </Button>
      </ForRole>
      {cancel.error ? <ErrorNotice error={errorBodyOf(cancel.error)} /> : null}
    </div>
  );
}
