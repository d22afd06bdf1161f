/** @file One training run, asked for every second while it is active. */
'use client';

import type { LossCurve, Run, RunLogLine } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { DeleteButton } from '~/components/deletion/delete-button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { useRefreshWhenDone } from '~/components/use-refresh-when-done.ts';
import { formatDuration, formatMoment, secondsBetween } from '~/format/format-time.ts';
import { isActive } from '~/format/job-status.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { LossCard } from './loss-card.tsx';
import { RunLog } from './run-log.tsx';
import { RunProgress } from './run-progress.tsx';
import { RunWarnings } from './run-warnings.tsx';
import { useRunLog } from './use-run-log.ts';

interface RunViewProps {
  initial: Run;
  losses: LossCurve;
  logs: RunLogLine[];
  /** What came of it, once it has succeeded. */
  result: ReactNode;
}

export function RunView({ initial, losses, logs, result }: RunViewProps) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.runs.get.queryOptions({ id: initial.id }),
    initialData: initial,
    refetchInterval: (state) => (isActive(state.state.data?.status) ? 1000 : false),
  });
  const run = query.data;
  const active = isActive(run.status);
  useRefreshWhenDone(active);
  const lines = useRunLog(run.id, logs, active);
  return (
    <div className="space-y-6">
      <RunProgress run={run} onChanged={() => void query.refetch()} />
      <RunWarnings lines={lines} />
      {result}
      <Card title="What is trained">
        <Facts>
          <Fact term="Dataset">
            <TextLink href={`/datasets/${run.dataset}`}>{run.dataset}</TextLink>{' '}
            <span className="font-mono text-xs">{run.datasetVersion}</span>
          </Fact>
          <Fact term="Model">
            <ModelLink run={run} />
          </Fact>
          <Fact term="Method and preset">
            {run.method}, {run.preset}
          </Fact>
          <Fact term="Backbone">{run.backbone}</Fact>
          <Fact term="Seed">{run.seed}</Fact>
          <Fact term="Started">{run.startedAt ? formatMoment(run.startedAt) : 'not yet'}</Fact>
          {run.startedAt !== null && run.finishedAt !== null ? (
            <Fact term="Took">
              {formatDuration(secondsBetween(run.startedAt, run.finishedAt, 0))}
            </Fact>
          ) : null}
          {run.attempts > 1 ? (
            <Fact term="Attempts">{run.attempts}, taken over or retried</Fact>
          ) : null}
        </Facts>
      </Card>
      <LossCard runId={run.id} initial={losses} active={active} />
      <RunLog lines={lines} active={active} />
      {active ? null : (
        <DeleteButton
          target={{ kind: 'run', id: run.id }}
          title={`Delete run ${run.id.slice(0, 8)}`}
          label="Delete run"
          leaveTo="/runs"
        />
      )}
    </div>
  );
}

function ModelLink({ run }: { run: Run }) {
  if (run.modelVersion === null) {
    return (
      <>
        {run.model}, {isActive(run.status) ? 'not published yet' : 'nothing published'}
      </>
    );
  }
  return (
    <TextLink href={`/models/${run.model}?version=${run.modelVersion}`}>
      {run.model} v{run.modelVersion}
    </TextLink>
  );
}
