/** @file Which inspected images a model keeps, and how many. */
'use client';

import { KEPT_KIND_WORDS, type Keeping, keptKindSchema } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useMay } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface KeepingFormProps {
  model: string;
  keeping: Keeping;
  onSaved: () => void;
}

type Count = 'every' | 'maxImages' | 'maxBytes' | 'maxDays';

export function KeepingForm({ model, keeping, onSaved }: KeepingFormProps) {
  const mayKeep = useMay('engineer');
  const [draft, setDraft] = useState(keeping);
  const save = useMutation(useTRPC().monitoring.keep.mutationOptions({ onSuccess: onSaved }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: model, ...draft });
  };
  const number = (name: Count, label: string, unit = 1) => (
    <Field label={label}>
      {(wiring) => (
        <Input
          {...wiring}
          type="number"
          min={1}
          value={draft[name] / unit}
          onChange={(event) =>
            setDraft({ ...draft, [name]: Math.round(Number(event.target.value) * unit) })
          }
        />
      )}
    </Field>
  );
  if (!mayKeep) return null;
  return (
    <form onSubmit={submit} className="space-y-3">
      <div className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-5">
        <Field label="Keep images" className="sm:col-span-2 lg:col-span-1">
          {(wiring) => (
            <Select
              {...wiring}
              value={draft.keep}
              onChange={(event) =>
                setDraft({ ...draft, keep: keptKindSchema.parse(event.target.value) })
              }
            >
              {keptKindSchema.options.map((kind) => (
                <option key={kind} value={kind}>
                  {KEPT_KIND_WORDS[kind]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {draft.keep === 'everyNth' ? number('every', 'Every how many') : null}
        {number('maxImages', 'Images at most')}
        {number('maxBytes', 'Megabytes at most', 1e6)}
        {number('maxDays', 'Days at most')}
        <Button type="submit" variant="secondary" disabled={save.isPending}>
          Save
        </Button>
      </div>
      <p aria-live="polite" className="text-sm text-ink-soft">
        {save.isSuccess ? 'Saved. It holds from the next inspection on. ' : ''}
        Beyond a limit the oldest images go first, those with a wrong verdict last.
      </p>
      {save.error ? <ErrorNotice error={errorBodyOf(save.error)} /> : null}
    </form>
  );
}
