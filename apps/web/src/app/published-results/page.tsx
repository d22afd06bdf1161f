/** @file Results that others published, by standard dataset; a leaderboard of one of those shows its own rows beside them. */
import type { Metadata } from 'next';
import { ChoiceLinks } from '~/components/leaderboards/board/choice-links.tsx';
import { PublishedResults } from '~/components/leaderboards/published/published-results.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Published results' };

interface PublishedPageProps {
  searchParams: Promise<{ standard?: string | string[] }>;
}

export default async function PublishedPage({ searchParams }: PublishedPageProps) {
  const { standard } = await searchParams;
  const result = await load(api().leaderboards.published.query({}));
  if (!result.ok) return <LoadFailure title="Published results" error={result.error} />;
  const boards = result.data;
  const board = boards.find((one) => one.standard === standard) ?? boards[0];
  return (
    <div className="space-y-6">
      <PageHeader
        parent={{ href: '/leaderboards', label: 'Leaderboards' }}
        title="Published results"
        description="What others report on the standard datasets, as they report it. Plumbline computed none of these numbers and never ranks them with its own."
      />
      {board === undefined ? (
        <EmptyState title="No published results">None have been collected yet.</EmptyState>
      ) : (
        <>
          <ChoiceLinks
            label="Standard dataset"
            choices={boards.map((one) => ({
              label: one.title,
              href: `/published-results?standard=${one.standard}`,
              chosen: one === board,
            }))}
          />
          <PublishedResults board={board} ours={[]} />
        </>
      )}
    </div>
  );
}
