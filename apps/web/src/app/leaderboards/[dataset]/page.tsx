/** @file The leaderboard of one dataset. */
import type { Metadata } from 'next';
import { LeaderboardTable } from '~/components/leaderboards/leaderboard-table.tsx';
import { ProtocolText } from '~/components/leaderboards/protocol-text.tsx';
import { TradeoffPlot } from '~/components/leaderboards/tradeoff-plot.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

interface LeaderboardPageProps {
  params: Promise<{ dataset: string }>;
}

export async function generateMetadata({ params }: LeaderboardPageProps): Promise<Metadata> {
  return { title: `Leaderboard of ${decodeURIComponent((await params).dataset)}` };
}

export default async function LeaderboardPage({ params }: LeaderboardPageProps) {
  const dataset = decodeURIComponent((await params).dataset);
  const result = await loadNamed(api().leaderboards.get.query({ dataset }));
  if (!result.ok) return <LoadFailure title={dataset} error={result.error} />;
  const { datasetVersion, protocol, rows } = result.data;
  const train = <ButtonLink href={`/runs/new?dataset=${dataset}`}>Train another</ButtonLink>;
  return (
    <div className="space-y-6">
      <PageHeader
        parent={{ href: '/leaderboards', label: 'Leaderboards' }}
        title={`Leaderboard of ${dataset}`}
        description={`Dataset version ${datasetVersion}. Metrics are means over the categories, in percent.`}
        actions={train}
      />
      {rows.length === 0 ? (
        <EmptyState title="No results on this dataset yet" actions={train}>
          Finish a training run on {dataset} and its model version is ranked here.
        </EmptyState>
      ) : (
        <>
          <LeaderboardTable rows={rows} />
          <TradeoffPlot rows={rows} />
          <ProtocolText protocol={protocol} />
        </>
      )}
    </div>
  );
}
