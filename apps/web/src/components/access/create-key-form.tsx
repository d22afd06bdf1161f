/** @file Name, role and end of a new API key. */
'use client';

import { type CreatedApiKey, keyNameSchema, ROLE_WORDS, type Role } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { RoleSelect } from './role-select.tsx';

const DAY_MS = 86_400_000;
const ENDS = [
  { label: 'In 30 days', days: 30 },
  { label: 'In 90 days', days: 90 },
  { label: 'In a year', days: 365 },
  { label: 'Never', days: null },
] as const;

interface Draft {
  readonly name: string;
  readonly role: Role;
  /** Of `ENDS`. */
  readonly end: number;
}

interface CreateKeyFormProps {
  onMade: (made: CreatedApiKey) => void;
  onCancel: () => void;
}

export function CreateKeyForm({ onMade, onCancel }: CreateKeyFormProps) {
  const trpc = useTRPC();
  const [draft, setDraft] = useState<Draft>({ name: '', role: 'operator', end: 1 });
  const create = useMutation(trpc.keys.create.mutationOptions({ onSuccess: onMade }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const days = ENDS[draft.end]?.days ?? null;
    const expiresAt = days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString();
    create.mutate({ name: draft.name, role: draft.role, expiresAt });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <KeyFields draft={draft} onChange={setDraft} />
      {create.error ? (
        <ErrorNotice error={errorBodyOf(create.error)} title="The key was not made" />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button
          type="submit"
          disabled={create.isPending || !keyNameSchema.safeParse(draft.name).success}
        >
          Make key
        </Button>
      </div>
    </form>
  );
}

function KeyFields({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const name = keyNameSchema.safeParse(draft.name);
  return (
    <>
      <Field
        label="Name"
        hint="What asks with it, such as line-3. Histories and the audit log show this name."
        error={draft.name === '' || name.success ? null : name.error.issues[0]?.message}
      >
        {(wiring) => (
          <Input
            {...wiring}
            value={draft.name}
            autoComplete="off"
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Role" hint={`This role ${ROLE_WORDS[draft.role]}.`}>
        {(wiring) => (
          <RoleSelect
            {...wiring}
            value={draft.role}
            onChange={(role) => onChange({ ...draft, role })}
          />
        )}
      </Field>
      <Field label="Expires">
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.end}
            onChange={(event) => onChange({ ...draft, end: Number(event.target.value) })}
          >
            {ENDS.map(({ label }, index) => (
              <option key={label} value={index}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}
