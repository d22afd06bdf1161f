/** @file What others published on the standard dataset that a dataset is, beside our rows; nothing when it is none. */
import type { LeaderboardRow } from '@plumbline/contracts';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';
import { PublishedResults } from './published-results.tsx';

interface PublishedBesideProps {
  dataset: string;
  rows: readonly LeaderboardRow[];
}

export async function PublishedBeside({ dataset, rows }: PublishedBesideProps) {
  const result = await load(api().leaderboards.published.query({ dataset }));
  if (!result.ok) {
    return <ErrorNotice title="Published results could not be read" error={result.error} />;
  }
  return result.data.map((board) => (
    <PublishedResults key={board.standard} board={board} ours={rows} />
  ));
}
