/** @file Starts a training run. */
import type { Metadata } from 'next';
import { ForRole } from '~/components/access/caller.tsx';
import { MakeSampleButton } from '~/components/datasets/make-sample-button.tsx';
import { StartRunForm } from '~/components/runs/start-run-form.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Start a run' };

interface NewRunPageProps {
  searchParams: Promise<{ dataset?: string | string[]; like?: string | string[] }>;
}

export default async function NewRunPage({ searchParams }: NewRunPageProps) {
  const { dataset, like } = await searchParams;
  const client = api();
  const [result, backbones, boards, run] = await Promise.all([
    load(client.datasets.list.query()),
    load(client.backbones.list.query()),
    load(client.leaderboards.list.query()),
    typeof like === 'string' ? load(client.runs.get.query({ id: like })) : null,
  ]);
  if (!result.ok) return <LoadFailure title="Start a run" error={result.error} />;
  if (!backbones.ok) return <LoadFailure title="Start a run" error={backbones.error} />;
  const names = result.data.map((one) => one.name);
  const initial = names.find((name) => name === dataset) ?? names[0];
  return (
    <>
      <PageHeader parent={{ href: '/runs', label: 'Training runs' }} title="Start a run" />
      {initial === undefined ? (
        <EmptyState
          title="There is nothing to train on"
          actions={
            <>
              <MakeSampleButton />
              <ButtonLink href="/datasets" variant="secondary">
                Import a dataset
              </ButtonLink>
            </>
          }
        >
          A run needs a dataset. Make the sample dataset, or import your own.
        </EmptyState>
      ) : (
        <ForRole least="engineer" what="Training">
          <StartRunForm
            key={initial}
            datasets={names}
            initialDataset={initial}
            like={run?.ok ? run.data : null}
            backbones={backbones.data}
            boards={boards.ok ? boards.data : []}
          />
        </ForRole>
      )}
    </>
  );
}
