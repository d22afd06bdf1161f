/** @file Inspects many images by a job, and shows the latest of such batches with their results. */
import type { Metadata } from 'next';
import { ForRole } from '~/components/access/caller.tsx';
import { BatchForm } from '~/components/batches/batch-form.tsx';
import { BatchList } from '~/components/batches/batch-list.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { Card } from '~/components/ui/card.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';
import { batchChoice } from './batch-choice.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Inspect many images' };

interface BatchesPageProps {
  searchParams: Promise<{ model?: string | string[]; version?: string | string[] }>;
}

export default async function BatchesPage({ searchParams }: BatchesPageProps) {
  const client = api();
  const [choice, batches] = await Promise.all([
    load(batchChoice(client, await searchParams)),
    load(client.batches.list.query()),
  ]);
  if (!choice.ok) return <LoadFailure title="Inspect many images" error={choice.error} />;
  return (
    <>
      <PageHeader
        parent={{ href: '/inspect', label: 'Inspect' }}
        title="Inspect many images"
        description="A job inspects them while nobody else asks, and goes on when you leave this page. These inspections do not count in monitoring."
      />
      {choice.data === null ? (
        <EmptyState
          title="No model yet"
          actions={<ButtonLink href="/runs/new">Start a run</ButtonLink>}
        >
          Train a model: its first version answers at once. Then inspect images here.
        </EmptyState>
      ) : (
        <ForRole least="operator" what="Inspecting many images">
          <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
            <Card title="New batch">
              <BatchForm choice={choice.data} />
            </Card>
            {batches.ok ? (
              <BatchList initial={batches.data} />
            ) : (
              <ErrorNotice error={batches.error} title="The batches could not be loaded" />
            )}
          </div>
        </ForRole>
      )}
    </>
  );
}
