/** @file Saves the thresholds on screen as the next profile, which serves at once. */
'use client';

import type { ThresholdChoice } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface SaveProfileProps {
  model: string;
  version: number;
  choice: ThresholdChoice;
  onDiscard: () => void;
  onSaved: (profile: number) => void;
}

export function SaveProfile({ model, version, choice, onDiscard, onSaved }: SaveProfileProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const mutation = useMutation(
    trpc.thresholds.create.mutationOptions({
      onSuccess: (made) => {
        onSaved(made.version);
        router.refresh();
      },
    }),
  );
  const isMissing = choice.by === 'hand' && note.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isMissing) return;
    mutation.mutate({ name: model, version, choice: { ...choice, note } });
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-3">
      <Field
        label={choice.by === 'hand' ? 'Why these values (required)' : 'Note'}
        error={asked && isMissing ? 'Write a note that says why you chose these values.' : null}
      >
        {(wiring) => (
          <Input
            {...wiring}
            value={note}
            maxLength={500}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" disabled={mutation.isPending}>
          Save as new profile
        </Button>
        <Button variant="quiet" onClick={onDiscard}>
          Discard
        </Button>
      </div>
      {mutation.error ? <ErrorNotice error={errorBodyOf(mutation.error)} /> : null}
    </form>
  );
}
