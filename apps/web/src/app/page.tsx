/** @file Overview: what the platform holds, what is under way, what came out last. */
import { ActiveRuns } from '~/components/overview/active-runs.tsx';
import { FirstSteps } from '~/components/overview/first-steps.tsx';
import { LatestResults } from '~/components/overview/latest-results.tsx';
import { SystemFacts } from '~/components/overview/system-facts.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { StatLink } from '~/components/ui/stat.tsx';
import { formatCount } from '~/format/format-number.ts';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

const RUN_LIMIT = 20;

export default async function OverviewPage() {
  const client = api();
  const result = await load(
    Promise.all([
      client.system.status.query(),
      client.runs.list.query({ limit: RUN_LIMIT }),
      client.models.list.query(),
    ]),
  );
  if (!result.ok) return <LoadFailure title="Overview" error={result.error} />;
  const [status, runs, models] = result.data;
  return (
    <div className="space-y-6">
      <PageHeader
        title="Overview"
        description="Learn what normal looks like; see what is out of true."
        actions={
          <ButtonLink href="/inspect" variant="secondary">
            Inspect an image
          </ButtonLink>
        }
      />
      <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
        <StatLink href="/datasets" label="Datasets" value={formatCount(status.datasets)} />
        <StatLink href="/models" label="Models" value={formatCount(status.models)} />
        <StatLink href="/runs" label="Runs running" value={formatCount(status.runningRuns)} />
        <StatLink href="/runs" label="Runs queued" value={formatCount(status.queuedRuns)} />
      </div>
      <FirstSteps
        status={status}
        hasPromoted={models.some((model) => model.promotedVersion !== null)}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[2fr_3fr]">
        <ActiveRuns initial={runs} limit={RUN_LIMIT} />
        <LatestResults models={models} />
      </div>
      <SystemFacts status={status} />
    </div>
  );
}
