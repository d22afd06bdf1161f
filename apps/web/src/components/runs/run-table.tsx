/** @file Training runs, newest first, kept current while any of them is active. */
'use client';

import type { Run } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { StatusBadge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatDuration, formatMoment, secondsBetween } from '~/format/format-time.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';

export function RunTable({ initial, limit }: { initial: Run[]; limit: number }) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.runs.list.queryOptions({ limit }),
    initialData: initial,
    refetchInterval: (state) =>
      state.state.data?.some((run) => isActive(run.status)) ? 2000 : false,
  });
  return (
    <TableBox label="Training runs" stacked>
      <thead>
        <tr>
          <Th>Run</Th>
          <Th>Status</Th>
          <Th className={numeric}>Progress</Th>
          <Th>Dataset</Th>
          <Th>Model</Th>
          <Th>Preset</Th>
          <Th>Backbone</Th>
          <Th className={numeric}>Took</Th>
          <Th>Created</Th>
        </tr>
      </thead>
      <tbody>
        {query.data.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </tbody>
    </TableBox>
  );
}

function RunRow({ run }: { run: Run }) {
  return (
    <tr>
      <Th scope="row">
        <TextLink href={`/runs/${run.id}`}>{run.id.slice(0, 8)}</TextLink>
      </Th>
      <Td>
        <StatusBadge status={run.status} />
      </Td>
      <Td label="Progress" className={numeric}>
        {run.status === 'running' ? `${Math.round(run.progress * 100)} %` : '–'}
      </Td>
      <Td label="Dataset">
        <TextLink href={`/datasets/${run.dataset}`}>{run.dataset}</TextLink>
      </Td>
      <Td label="Model">
        {run.modelVersion === null ? (
          run.model
        ) : (
          <TextLink href={`/models/${run.model}?version=${run.modelVersion}`}>
            {run.model} v{run.modelVersion}
          </TextLink>
        )}
      </Td>
      <Td label="Preset">{run.preset}</Td>
      <Td label="Backbone" title={run.backbone}>
        {run.backbone.split(/[\\/]/).at(-1)}
      </Td>
      <Td label="Took" className={numeric}>
        {run.startedAt !== null && run.finishedAt !== null
          ? formatDuration(secondsBetween(run.startedAt, run.finishedAt, 0))
          : '–'}
      </Td>
      <Td label="Created">{formatMoment(run.createdAt)}</Td>
    </tr>
  );
}
