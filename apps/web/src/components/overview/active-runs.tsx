/** @file The runs under way. */
'use client';

import type { Run } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { Card } from '~/components/ui/card.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatTimeLeft } from '~/format/format-time.ts';
import { isActive, stageLabel } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';

export function ActiveRuns({ initial, limit }: { initial: Run[]; limit: number }) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.runs.list.queryOptions({ limit }),
    initialData: initial,
    refetchInterval: (state) =>
      state.state.data?.some((run) => isActive(run.status)) ? 2000 : 10_000,
  });
  const active = query.data.filter((run) => isActive(run.status));
  return (
    <Card title="Under way">
      {active.length === 0 ? (
        <p className="text-sm text-ink-soft">
          No run is under way. <TextLink href="/runs/new">Start one</TextLink>.
        </p>
      ) : (
        <ul className="space-y-5">
          {active.map((run) => (
            <li key={run.id}>
              <ProgressBar
                label={`${run.model}, ${run.status === 'queued' ? 'waiting' : stageLabel(run.stage).toLowerCase()}`}
                value={run.progress}
                detail={run.etaSeconds === null ? undefined : formatTimeLeft(run.etaSeconds)}
              />
              <p className="mt-1 text-sm">
                <TextLink href={`/runs/${run.id}`}>
                  Follow run {run.id.slice(0, 8)} on {run.dataset}
                </TextLink>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
