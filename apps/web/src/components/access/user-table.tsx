/** @file People with their roles: another role counts at once, and whoever is removed is signed out. */
'use client';

import type { Role, User } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Button } from '~/components/ui/button.tsx';
import { ConfirmDialog } from '~/components/ui/confirm-dialog.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { RoleSelect } from './role-select.tsx';

export function UserTable({ users }: { users: User[] }) {
  const router = useRouter();
  const trpc = useTRPC();
  const onSuccess = () => router.refresh();
  const setRole = useMutation(trpc.users.setRole.mutationOptions({ onSuccess }));
  const remove = useMutation(trpc.users.remove.mutationOptions({ onSuccess }));
  const error = setRole.error ?? remove.error;
  return (
    <div className="space-y-4">
      {error ? <ErrorNotice error={errorBodyOf(error)} title="Nothing was changed" /> : null}
      <TableBox label="People" stacked>
        <thead>
          <tr>
            <Th>Email</Th>
            <Th>Role</Th>
            <Th>Last signed in</Th>
            <Th>Made</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <UserLine
              key={user.id}
              user={user}
              isBusy={setRole.isPending || remove.isPending}
              onRole={(role) => setRole.mutate({ email: user.email, role })}
              onRemove={() => remove.mutate({ email: user.email })}
            />
          ))}
        </tbody>
      </TableBox>
    </div>
  );
}

interface UserLineProps {
  user: User;
  isBusy: boolean;
  onRole: (role: Role) => void;
  onRemove: () => void;
}

function UserLine({ user, isBusy, onRole, onRemove }: UserLineProps) {
  const { email, role, signedInAt, createdAt, createdBy } = user;
  return (
    <tr>
      <Th scope="row">
        <div className="max-w-72 whitespace-normal wrap-anywhere">{email}</div>
      </Th>
      <Td label="Role">
        <RoleSelect
          aria-label={`Role of ${email}`}
          className="w-auto"
          value={role}
          disabled={isBusy}
          onChange={onRole}
        />
      </Td>
      <Td label="Last signed in">{signedInAt === null ? 'never' : formatMoment(signedInAt)}</Td>
      <Td label="Made">
        <div className="max-w-72 whitespace-normal wrap-anywhere">
          {formatMoment(createdAt)} by {createdBy}
        </div>
      </Td>
      <Td>
        <ConfirmDialog
          trigger={
            <Button variant="danger" disabled={isBusy}>
              Remove<span className="sr-only"> {email}</span>
            </Button>
          }
          title={`Remove ${email}?`}
          description="They are signed out at once and can no longer sign in. What they did stays in the audit log."
          confirmLabel="Remove"
          cancelLabel="Keep"
          onConfirm={onRemove}
        />
      </Td>
    </tr>
  );
}
