/** @file Email, role and password of somebody who is to sign in. */
'use client';

import { passwordSchema, ROLE_WORDS, type Role } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { RoleSelect } from './role-select.tsx';

const EMPTY = { email: '', password: '', role: 'viewer' as Role };

export function AddUserForm() {
  const router = useRouter();
  const trpc = useTRPC();
  const [draft, setDraft] = useState(EMPTY);
  const onSuccess = () => {
    setDraft(EMPTY);
    router.refresh();
  };
  const create = useMutation(trpc.users.create.mutationOptions({ onSuccess }));
  const isComplete = draft.email !== '' && passwordSchema.safeParse(draft.password).success;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(draft);
  };
  return (
    <form onSubmit={submit} className="grid max-w-md gap-4">
      <Field label="Email">
        {(wiring) => (
          <Input
            {...wiring}
            type="email"
            value={draft.email}
            autoComplete="off"
            onChange={(event) => setDraft({ ...draft, email: event.target.value })}
          />
        )}
      </Field>
      <Field label="Role" hint={`This role ${ROLE_WORDS[draft.role]}.`}>
        {(wiring) => (
          <RoleSelect
            {...wiring}
            value={draft.role}
            onChange={(role) => setDraft({ ...draft, role })}
          />
        )}
      </Field>
      <Field label="Password" hint="At least 12 characters; some words in a row are a good one.">
        {(wiring) => (
          <Input
            {...wiring}
            type="password"
            value={draft.password}
            autoComplete="new-password"
            onChange={(event) => setDraft({ ...draft, password: event.target.value })}
          />
        )}
      </Field>
      {create.error ? (
        <ErrorNotice error={errorBodyOf(create.error)} title="Nobody was added" />
      ) : null}
      <div>
        <Button type="submit" disabled={create.isPending || !isComplete}>
          Add person
        </Button>
      </div>
    </form>
  );
}
