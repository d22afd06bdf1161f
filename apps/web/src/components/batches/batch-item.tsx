/** @file How far a batch is, the way to stop it, and its results. */
'use client';

import { BATCH_FORMATS, type Batch, batchSourceWords } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { Button } from '~/components/ui/button.tsx';
import { buttonClass } from '~/components/ui/button-class.ts';
import { ConfirmDialog } from '~/components/ui/confirm-dialog.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { StatusBadge } from '~/components/ui/status-badge.tsx';
import { batchResultsUrl } from '~/format/api-paths.ts';
import { formatCount, formatPlural } from '~/format/format-number.ts';
import { formatMoment, formatTimeLeft } from '~/format/format-time.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

const FORMAT_LABELS = { jsonl: 'JSON lines', csv: 'CSV' } as const;

export function BatchItem({ batch, onChanged }: { batch: Batch; onChanged: () => void }) {
  const { id, model, version, source, status, checked, error } = batch;
  const active = isActive(status);
  return (
    <div className="space-y-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 break-words font-medium">
          {model} v{version}: {batchSourceWords(source)}
        </p>
        <StatusBadge status={status} />
      </div>
      {active ? <BatchProgress batch={batch} /> : <p>{countsOf(batch)}</p>}
      {error === null ? null : <ErrorNotice error={error} title="The batch failed" />}
      <div className="flex flex-wrap items-center gap-2">
        {checked === 0
          ? null
          : BATCH_FORMATS.map((format) => (
              <a
                key={format}
                href={batchResultsUrl(id, format)}
                download
                className={buttonClass('secondary')}
              >
                <Download aria-hidden="true" className="size-4" />
                {active ? `${FORMAT_LABELS[format]} so far` : FORMAT_LABELS[format]}
              </a>
            ))}
        {active ? <CancelButton id={id} onChanged={onChanged} /> : null}
      </div>
      <p className="text-ink-soft text-xs">{whenOf(batch)}</p>
    </div>
  );
}

function BatchProgress({ batch: { status, checked, total, etaSeconds } }: { batch: Batch }) {
  const amount =
    total === null ? 'not begun' : `${formatCount(checked)} of ${formatPlural(total, 'image')}`;
  const isWaiting = status === 'queued';
  return (
    <ProgressBar
      label={isWaiting ? 'Waiting' : 'Inspecting'}
      value={total === null ? (isWaiting ? 0 : null) : checked / total}
      detail={etaSeconds === null ? amount : `${amount}, ${formatTimeLeft(etaSeconds)}`}
    />
  );
}

function CancelButton({ id, onChanged }: { id: string; onChanged: () => void }) {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.batches.cancel.mutationOptions({ onSettled: onChanged }));
  return (
    <>
      <ConfirmDialog
        trigger={
          <Button variant="danger" disabled={mutation.isPending}>
            Cancel the batch
          </Button>
        }
        title="Cancel this batch?"
        description="The results so far stay. You can't take the rest up again: start another batch for it."
        confirmLabel="Cancel the batch"
        cancelLabel="Keep it running"
        onConfirm={() => mutation.mutate({ id })}
      />
      {mutation.error ? <ErrorNotice error={errorBodyOf(mutation.error)} /> : null}
    </>
  );
}

function countsOf({ checked, total, anomalous, uncertain, failed }: Batch): string {
  const of = total === null || total === checked ? '' : ` of ${formatCount(total)}`;
  const doubt = uncertain === 0 ? '' : ` (${formatCount(uncertain)} of them uncertain)`;
  const bad = failed === 0 ? '' : `, ${formatCount(failed)} could not be inspected`;
  const normal = checked - anomalous - failed;
  return `${formatCount(checked)}${of} inspected: ${formatCount(anomalous)} anomalous, ${formatCount(normal)} normal${doubt}${bad}.`;
}

function whenOf({ createdAt, keptUntil, startedBy }: Batch): string {
  const begun = `Started ${formatMoment(createdAt)} by ${startedBy}`;
  return keptUntil === null ? begun : `${begun}; kept until ${formatMoment(keptUntil)}`;
}
