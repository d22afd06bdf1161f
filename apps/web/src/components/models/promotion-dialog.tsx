/** @file Asks before a promotion, with old against new; then says what was done and offers the way back. */
'use client';

import type { PromotionPreview } from '@plumbline/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { PromotionTable } from './promotion-table.tsx';

interface PromotionDialogProps {
  model: string;
  version: number;
  onChanged: () => void;
  onClose: () => void;
}

export function PromotionDialog(props: PromotionDialogProps) {
  const { model, version, onChanged, onClose } = props;
  const trpc = useTRPC();
  const preview = useQuery(
    trpc.models.promotion.queryOptions(
      { name: model, version },
      // Another promotion may have come between; once it is done, the question is answered.
      { staleTime: 0, refetchOnWindowFocus: false },
    ),
  );
  const promote = useMutation(trpc.models.promote.mutationOptions({ onSuccess: onChanged }));

  if (promote.data) return <Promoted {...props} replaced={promote.data.replaced} />;
  return (
    <div className="space-y-4">
      {preview.isPending ? (
        <p role="status" className="text-ink-soft text-sm">
          Comparing the two versions …
        </p>
      ) : null}
      {preview.error ? <ErrorNotice error={errorBodyOf(preview.error)} /> : null}
      {preview.data ? <Comparison preview={preview.data} /> : null}
      {promote.error ? (
        <ErrorNotice error={errorBodyOf(promote.error)} title="The version was not promoted" />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={promote.isPending || !preview.data}
          onClick={() => promote.mutate({ name: model, version })}
        >
          {promote.isPending ? 'Loading it' : `Promote version ${version}`}
        </Button>
      </div>
    </div>
  );
}

function Comparison({ preview }: { preview: PromotionPreview }) {
  const { from, to, comparable, differences } = preview;
  return (
    <>
      {from === null ? <p className="text-sm">No version answers predictions yet.</p> : null}
      {from === null || comparable ? null : (
        <Notice>
          Their numbers can’t be compared:{' '}
          {differences
            .map(({ label, here, there }) => `${label.toLowerCase()} ${there} against ${here}`)
            .join('; ')}
          .
        </Notice>
      )}
      {to.barred === null ? null : (
        <Notice>
          Version {to.version} is not ranked: {to.barred}
        </Notice>
      )}
      <PromotionTable preview={preview} />
      {to.thresholdNotes.map((note) => (
        <p key={note} className="text-ink-soft text-sm">
          Version {to.version}. {note}
        </p>
      ))}
    </>
  );
}

interface PromotedProps extends PromotionDialogProps {
  /** The version that answered before. */
  replaced: number | null;
}

function Promoted({ model, version, replaced, onChanged, onClose }: PromotedProps) {
  const trpc = useTRPC();
  const undo = useMutation(trpc.models.promote.mutationOptions({ onSuccess: onChanged }));
  if (undo.data)
    return <Done onClose={onClose}>Version {undo.data.version} answers predictions again.</Done>;
  if (replaced === null || replaced === version)
    return <Done onClose={onClose}>Version {version} answers predictions now.</Done>;
  return (
    <Done
      onClose={onClose}
      undo={
        <Button
          variant="secondary"
          disabled={undo.isPending}
          onClick={() => undo.mutate({ name: model, version: replaced })}
        >
          Undo: back to version {replaced}
        </Button>
      }
    >
      Version {version} answers predictions now. Version {replaced} did so before and is still
      available.
      {undo.error ? <ErrorNotice error={errorBodyOf(undo.error)} /> : null}
    </Done>
  );
}

interface DoneProps {
  undo?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

function Done({ undo, onClose, children }: DoneProps) {
  const place = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone.
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} className="space-y-4 outline-none">
      <div role="status" className="flex gap-3 rounded-lg border border-ok bg-ok-soft p-4 text-sm">
        <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-ok" />
        <div className="min-w-0">{children}</div>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        {undo}
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}
