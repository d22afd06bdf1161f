/** @file The leaderboards, one for each dataset. */
import type { Metadata } from 'next';
import { LeaderboardList } from '~/components/leaderboards/board/leaderboard-list.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Leaderboards' };

export default async function LeaderboardsPage() {
  const result = await load(api().leaderboards.list.query());
  if (!result.ok) return <LoadFailure title="Leaderboards" error={result.error} />;
  return (
    <>
      <PageHeader
        title="Leaderboards"
        description="Model versions ranked on the same dataset version under the same protocol. A dataset with results under several protocols has one board per protocol; the one with most results comes first."
        actions={
          <ButtonLink variant="secondary" href="/published-results">
            Published results
          </ButtonLink>
        }
      />
      {result.data.length === 0 ? (
        <EmptyState
          title="Nothing to rank yet"
          actions={<ButtonLink href="/runs/new">Start a run</ButtonLink>}
        >
          A leaderboard appears once a model has been trained on a dataset.
        </EmptyState>
      ) : (
        <LeaderboardList leaderboards={result.data} />
      )}
    </>
  );
}
