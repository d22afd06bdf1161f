/** @file The leaderboard of one dataset version under one protocol. */
import type { MetricName } from '@plumbline/contracts';
import type { Metadata } from 'next';
import { BoardChoice } from '~/components/leaderboards/board/board-choice.tsx';
import { BoardNotes } from '~/components/leaderboards/board/board-notes.tsx';
import { LeaderboardTable } from '~/components/leaderboards/board/leaderboard-table.tsx';
import { OtherBoards } from '~/components/leaderboards/board/other-boards.tsx';
import { ProtocolText } from '~/components/leaderboards/board/protocol-text.tsx';
import { SeedGroups } from '~/components/leaderboards/board/seed-groups.tsx';
import { TradeoffPlot } from '~/components/leaderboards/board/tradeoff-plot.tsx';
import { CategoryComparison } from '~/components/leaderboards/compare/category-comparison.tsx';
import { comparePath, parseMetric } from '~/components/leaderboards/compare/comparison-address.ts';
import { PublishedBeside } from '~/components/leaderboards/published/published-beside.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { importResultsPath } from '~/format/api-paths.ts';
import { loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

type Search = Readonly<Record<string, string | string[] | undefined>>;

interface LeaderboardPageProps {
  params: Promise<{ dataset: string }>;
  searchParams: Promise<Search>;
}

export async function generateMetadata({ params }: LeaderboardPageProps): Promise<Metadata> {
  return { title: `Leaderboard of ${decodeURIComponent((await params).dataset)}` };
}

export default async function LeaderboardPage({ params, searchParams }: LeaderboardPageProps) {
  const dataset = decodeURIComponent((await params).dataset);
  const search = await searchParams;
  const request = {
    dataset,
    datasetVersion: single(search, 'datasetVersion'),
    protocol: single(search, 'protocol'),
  };
  const result = await loadNamed(api().leaderboards.get.query(request));
  if (!result.ok) return <LoadFailure title={dataset} error={result.error} />;
  const board = result.data;
  const train = <ButtonLink href={`/runs/new?dataset=${dataset}`}>Train another</ButtonLink>;
  const bring = (
    <ButtonLink variant="secondary" href={importResultsPath(dataset, board.protocol.name)}>
      Import results
    </ButtonLink>
  );
  return (
    <div className="space-y-6">
      <PageHeader
        parent={{ href: '/leaderboards', label: 'Leaderboards' }}
        title={`Leaderboard of ${dataset}`}
        description={`Dataset version ${board.datasetVersion}, protocol ${board.protocol.name}. Metrics are means over the categories, in percent, with 95 % intervals over the test images where they were computed.`}
        actions={
          <>
            {board.rows.length < 2 ? null : (
              <ButtonLink variant="secondary" href={comparePath(board)}>
                Compare two rows
              </ButtonLink>
            )}
            {bring}
            {train}
          </>
        }
      />
      <BoardChoice board={board} />
      <OtherBoards board={board} />
      {board.rows.length === 0 ? (
        <EmptyState title="No results here yet" actions={train}>
          Finish a training run on {dataset} and its model version is ranked here; so are the
          results of another model that you import.
        </EmptyState>
      ) : (
        <>
          <LeaderboardTable rows={board.rows} datasetVersion={board.datasetVersion} />
          <BoardNotes board={board} />
          <SeedGroups configurations={board.configurations} />
          <CategoryComparison
            board={board}
            metric={parseMetric(search.metric)}
            hrefOf={(metric) => `?${withMetric(search, metric)}`}
          />
          <TradeoffPlot rows={board.rows} />
          <PublishedBeside dataset={dataset} rows={board.rows} />
        </>
      )}
      <ProtocolText protocol={board.protocol} />
    </div>
  );
}

function single(search: Search, name: string): string | undefined {
  const value = search[name];
  return typeof value === 'string' ? value : undefined;
}

/** The address as it is, with another metric of the categories. */
function withMetric(search: Search, metric: MetricName): URLSearchParams {
  const kept = Object.entries(search).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return new URLSearchParams([...kept.filter(([name]) => name !== 'metric'), ['metric', metric]]);
}
