/** @file How far a run is, in which stage, and the way to stop it. */
'use client';

import type { Run } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useMay } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ConfirmDialog } from '~/components/ui/confirm-dialog.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { StatusBadge } from '~/components/ui/status-badge.tsx';
import { formatTimeLeft } from '~/format/format-time.ts';
import { isActive, stageLabel } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { ResumeButton } from './resume-button.tsx';
import { StageStepper } from './stage-stepper.tsx';

export function RunProgress({ run, onChanged }: { run: Run; onChanged: () => void }) {
  const active = isActive(run.status);
  return (
    <Card title="Progress" actions={<RunAction run={run} onChanged={onChanged} />}>
      <div className="space-y-5">
        <div className="flex flex-wrap items-center gap-3">
          <StatusBadge status={run.status} />
          <p className="min-w-0 text-sm">
            {run.cancelRequested && active ? 'Stopping at the next safe point.' : run.message}
          </p>
        </div>
        {/* The message changes every second; a screen reader hears only status and stage. */}
        <p role="status" className="sr-only">
          The run is {run.status}
          {active ? `, stage ${stageLabel(run.stage)}` : ''}.
        </p>
        {active ? (
          <ProgressBar
            label="Whole run"
            value={run.progress}
            detail={run.etaSeconds === null ? undefined : formatTimeLeft(run.etaSeconds)}
          />
        ) : null}
        <StageStepper stage={run.stage} status={run.status} />
        {run.error ? <ErrorNotice error={run.error} title="The run failed" /> : null}
      </div>
    </Card>
  );
}

function RunAction({ run, onChanged }: { run: Run; onChanged: () => void }) {
  if (!useMay('engineer')) return null;
  if (isActive(run.status)) return <CancelButton run={run} onChanged={onChanged} />;
  if (run.status === 'succeeded') return null;
  return <ResumeButton run={run} onChanged={onChanged} />;
}

function CancelButton({ run, onChanged }: { run: Run; onChanged: () => void }) {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.runs.cancel.mutationOptions({ onSettled: onChanged }));
  return (
    <div className="space-y-2">
      <ConfirmDialog
        trigger={
          <Button variant="danger" disabled={run.cancelRequested || mutation.isPending}>
            Cancel the run
          </Button>
        }
        title="Cancel this run?"
        description="No model version is published. You can resume it from its last checkpoint, which is kept for seven days by default."
        confirmLabel="Cancel the run"
        cancelLabel="Keep it running"
        onConfirm={() => mutation.mutate({ id: run.id })}
      />
      {mutation.error ? <ErrorNotice error={errorBodyOf(mutation.error)} /> : null}
    </div>
  );
}
