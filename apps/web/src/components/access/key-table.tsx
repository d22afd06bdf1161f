/** @file API keys: what each may do, when it was used last, and the way to end it. */
'use client';

import { type ApiKey, type ApiKeyState, apiKeyState } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Button } from '~/components/ui/button.tsx';
import { ConfirmDialog } from '~/components/ui/confirm-dialog.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Badge, type Tone } from '~/components/ui/status-badge.tsx';
import { TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

const TONES: Record<ApiKeyState, Tone> = { active: 'ok', expired: 'warn', revoked: 'neutral' };

export function KeyTable({ keys }: { keys: ApiKey[] }) {
  const router = useRouter();
  const trpc = useTRPC();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({ onSuccess: () => router.refresh() }),
  );
  return (
    <div className="space-y-4">
      {revoke.error ? (
        <ErrorNotice error={errorBodyOf(revoke.error)} title="The key was not revoked" />
      ) : null}
      <TableBox label="API keys" stacked>
        <thead>
          <tr>
            <Th>Name</Th>
            <Th>State</Th>
            <Th>Role</Th>
            <Th>Begins with</Th>
            <Th>Last used</Th>
            <Th>Expires</Th>
            <Th>Made</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyLine
              key={key.id}
              apiKey={key}
              onRevoke={() => revoke.mutate({ key: key.id })}
              isBusy={revoke.isPending}
            />
          ))}
        </tbody>
      </TableBox>
    </div>
  );
}

interface KeyLineProps {
  apiKey: ApiKey;
  isBusy: boolean;
  onRevoke: () => void;
}

function KeyLine({ apiKey, isBusy, onRevoke }: KeyLineProps) {
  const { name, role, start, lastUsedAt, expiresAt, createdAt, createdBy, revokedAt } = apiKey;
  const state = apiKeyState(apiKey);
  return (
    <tr>
      <Th scope="row">
        <div className="max-w-72 whitespace-normal wrap-anywhere">{name}</div>
      </Th>
      <Td label="State">
        <Badge tone={TONES[state]}>{state}</Badge>
      </Td>
      <Td label="Role">{role}</Td>
      <Td label="Begins with">
        <code className="font-mono">{start}…</code>
      </Td>
      <Td label="Last used">{lastUsedAt === null ? 'never' : formatMoment(lastUsedAt)}</Td>
      <Td label="Expires">{expiresAt === null ? 'never' : formatMoment(expiresAt)}</Td>
      <Td label="Made">
        <div className="max-w-72 whitespace-normal wrap-anywhere">
          {formatMoment(createdAt)} by {createdBy}
        </div>
      </Td>
      <Td>
        {revokedAt === null ? (
          <ConfirmDialog
            trigger={
              <Button variant="danger" disabled={isBusy}>
                Revoke<span className="sr-only"> {name}</span>
              </Button>
            }
            title={`Revoke the key "${name}"?`}
            description="Whatever asks with it is refused from then on. This can't be undone; you can make a new key of the same name."
            confirmLabel="Revoke key"
            cancelLabel="Keep it"
            onConfirm={onRevoke}
          />
        ) : null}
      </Td>
    </tr>
  );
}
