/** @file All training runs. */
import type { Metadata } from 'next';
import { RunTable } from '~/components/runs/run-table.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Training runs' };

const LIMIT = 100;

export default async function RunsPage() {
  const result = await load(api().runs.list.query({ limit: LIMIT }));
  if (!result.ok) return <LoadFailure title="Training runs" error={result.error} />;
  const start = <ButtonLink href="/runs/new">Start a run</ButtonLink>;
  return (
    <>
      <PageHeader
        title="Training runs"
        description="Each finished run publishes a new version of its model."
        actions={start}
      />
      {result.data.length === 0 ? (
        <EmptyState title="No runs yet" actions={start}>
          Choose a dataset and a preset. The “tiny” preset takes about a minute.
        </EmptyState>
      ) : (
        <RunTable initial={result.data} limit={LIMIT} />
      )}
    </>
  );
}
