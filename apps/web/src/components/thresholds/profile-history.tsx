/** @file The profiles of a version, which one serves, and the way back to another. */
'use client';

import {
  falseAlarmNotes,
  type ThresholdHistory,
  type ThresholdProfileVersion,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { ForRole } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface ProfileHistoryProps {
  model: string;
  version: number;
  history: ThresholdHistory;
}

export function ProfileHistory({ model, version, history }: ProfileHistoryProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const mutation = useMutation(
    trpc.thresholds.activate.mutationOptions({ onSuccess: () => router.refresh() }),
  );
  return (
    <Card
      title="Profiles"
      description="A profile never changes. To go back, activate an earlier one."
    >
      <TableBox label="Threshold profiles">
        <thead>
          <tr>
            <Th className={numeric}>Profile</Th>
            <Th>State</Th>
            <Th>Made</Th>
            <Th>By</Th>
            <Th>How</Th>
          </tr>
        </thead>
        <tbody>
          {history.profiles.map((one) => (
            <ProfileRow
              key={one.version}
              profile={one}
              isBusy={mutation.isPending}
              onActivate={() => mutation.mutate({ name: model, version, profile: one.version })}
            />
          ))}
        </tbody>
      </TableBox>
      {mutation.error ? <ErrorNotice error={errorBodyOf(mutation.error)} /> : null}
      <h3 className="mt-5 font-medium text-sm">Which profile was active when</h3>
      <ol className="mt-1 space-y-0.5 text-ink-soft text-sm">
        {history.activations.map((one) => (
          <li key={`${one.at}-${one.version}`}>
            {formatMoment(one.at)}: profile {one.version}, by {one.by}
          </li>
        ))}
      </ol>
    </Card>
  );
}

interface ProfileRowProps {
  profile: ThresholdProfileVersion;
  isBusy: boolean;
  onActivate: () => void;
}

function ProfileRow({ profile, isBusy, onActivate }: ProfileRowProps) {
  return (
    <tr>
      <Th scope="row" className={numeric}>
        {profile.version}
      </Th>
      <Td>
        {profile.active ? (
          <Badge tone="ok">active</Badge>
        ) : (
          <ForRole least="engineer">
            <Button variant="secondary" disabled={isBusy} onClick={onActivate}>
              Activate<span className="sr-only"> profile {profile.version}</span>
            </Button>
          </ForRole>
        )}
      </Td>
      <Td>{formatMoment(profile.createdAt)}</Td>
      <Td>{profile.createdBy}</Td>
      <Td className="min-w-80 whitespace-normal!">
        {profile.profile.rule}
        <span className="block text-ink-soft">{falseAlarmNotes(profile.profile)[0]}</span>
        {profile.note !== '' && profile.choice?.by === 'rule' ? (
          <span className="block text-ink-soft">{profile.note}</span>
        ) : null}
      </Td>
    </tr>
  );
}
