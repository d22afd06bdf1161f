/** @file One training run: live while it is under way, then with what came of it. */

import type { RunResult, RunSuspects } from '@plumbline/contracts';
import type { Metadata } from 'next';
import { RunResultCard } from '~/components/runs/run-result.tsx';
import { RunView } from '~/components/runs/run-view.tsx';
import { RunSuspectsCard } from '~/components/suspects/run-suspects-card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { type Loaded, load, loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

interface RunPageProps {
  params: Promise<{ runId: string }>;
}

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  return { title: `Run ${(await params).runId.slice(0, 8)}` };
}

export default async function RunPage({ params }: RunPageProps) {
  const id = decodeURIComponent((await params).runId);
  const client = api();
  const title = `Run ${id.slice(0, 8)}`;
  const result = await loadNamed(
    Promise.all([
      client.runs.get.query({ id }),
      client.runs.losses.query({ id }),
      client.runs.logs.query({ id }),
    ]),
  );
  if (!result.ok) return <LoadFailure title={title} error={result.error} />;
  const [run, losses, logs] = result.data;
  const outcome =
    run.status === 'succeeded'
      ? await load(
          Promise.all([
            client.runs.result.query({ id: run.id }),
            client.runs.suspects.query({ id: run.id }),
          ]),
        )
      : null;
  return (
    <>
      <PageHeader
        parent={{ href: '/runs', label: 'Training runs' }}
        title={title}
        description={`${run.method} on ${run.dataset}, preset ${run.preset}`}
      />
      <RunView
        key={run.id}
        initial={run}
        losses={losses}
        logs={logs}
        result={outcome === null ? null : <Outcome outcome={outcome} run={run.id} />}
      />
    </>
  );
}

function Outcome({ outcome, run }: { outcome: Loaded<[RunResult, RunSuspects]>; run: string }) {
  if (!outcome.ok)
    return <ErrorNotice error={outcome.error} title="The result could not be loaded" />;
  const [result, suspects] = outcome.data;
  return (
    <div className="space-y-6">
      <RunResultCard result={result} />
      <RunSuspectsCard found={suspects} dataset={result.dataset} run={run} />
    </div>
  );
}
