/** @file What goes by name and count, what stands in the way, and the last question. */
'use client';

import { type DeletionPlan, type DeletionTarget, deletedWords } from '@plumbline/contracts';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { formatBytes } from '~/format/format-number.ts';
import { errorBodyOf } from '~/trpc/errors.ts';
import { useDeletion } from './use-deletion.ts';

interface DeleteDialogProps {
  target: DeletionTarget;
  onDeleted: () => void;
  onClose: () => void;
}

export function DeleteDialog({ target, onDeleted, onClose }: DeleteDialogProps) {
  const { plan, deletion } = useDeletion(target, onDeleted);
  const [typed, setTyped] = useState('');
  const found = plan.data ?? null;
  const isFree = found !== null && found.blockers.length === 0;
  const isConfirmed = isFree && (found.typed === null || typed.trim() === found.typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isConfirmed && !deletion.isPending) deletion.mutate(found.seen);
  };
  return (
    <form onSubmit={submit} className="space-y-4 text-sm">
      <div aria-live="polite" className="space-y-4">
        {plan.isPending ? <p className="text-ink-soft">Looking for what rests on it …</p> : null}
        {plan.error ? <ErrorNotice error={errorBodyOf(plan.error)} /> : null}
        {deletion.error ? (
          <ErrorNotice error={errorBodyOf(deletion.error)} title="Nothing was deleted" />
        ) : null}
        {found === null ? null : <Plan plan={found} />}
      </div>
      {isFree && found.typed !== null ? (
        <Field label={`Type ${found.typed} to delete it`}>
          {(wiring) => (
            <Input
              {...wiring}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="danger" disabled={!isConfirmed || deletion.isPending}>
          {deletion.isPending ? 'Deleting …' : 'Delete'}
        </Button>
      </div>
    </form>
  );
}

function Plan({ plan }: { plan: DeletionPlan }) {
  const { blockers, counts, items, bundleBytes } = plan;
  const unnamed = counts.reduce((sum, { count }) => sum + count, 0) - items.length;
  return (
    <>
      {blockers.length === 0 ? null : (
        <Notice>
          <p className="font-medium">This stands in the way:</p>
          <ul className="mt-1 list-disc space-y-1 pl-5">
            {blockers.map(({ reason, fix }) => (
              <li key={reason} className="break-words">
                {reason} {fix.replaceAll('`', '')}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <p>
        What goes: {deletedWords(plan).join(', ')}
        {bundleBytes > 0 ? `; bundles of ${formatBytes(bundleBytes)}` : ''}. Images that nothing
        else uses leave the disk within about a day.
      </p>
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="What goes"
        className="max-h-48 divide-y divide-line overflow-y-auto rounded-md border border-line"
      >
        {items.map(({ kind, name, detail }) => (
          <li key={`${kind} ${name}`} className="break-words px-3 py-1.5">
            {kind} <span className="font-mono text-xs">{name}</span>
            {detail === '' ? '' : `, ${detail}`}
          </li>
        ))}
        {unnamed > 0 ? <li className="px-3 py-1.5 text-ink-soft">and {unnamed} more</li> : null}
      </ul>
    </>
  );
}
