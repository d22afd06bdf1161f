/** @file Inspects an image with a promoted model. */
import type { Metadata } from 'next';
import { Inspector } from '~/components/inspect/inspector.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';
import { inspectChoice } from './inspect-choice.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Inspect' };

interface InspectPageProps {
  searchParams: Promise<{ model?: string | string[]; category?: string | string[] }>;
}

export default async function InspectPage({ searchParams }: InspectPageProps) {
  const { model, category } = await searchParams;
  const result = await load(inspectChoice(api(), model, category));
  if (!result.ok) return <LoadFailure title="Inspect" error={result.error} />;
  const choice = result.data;
  return (
    <>
      <PageHeader
        title="Inspect"
        description="One image, one model: where it deviates from normal, and by how much."
      />
      {choice === null ? (
        <EmptyState
          title="No promoted model yet"
          actions={
            <>
              <ButtonLink href="/runs/new">Start a run</ButtonLink>
              <ButtonLink href="/models" variant="secondary">
                Models
              </ButtonLink>
            </>
          }
        >
          Train a model, or promote a version of one that exists. Then inspect images here.
        </EmptyState>
      ) : (
        <Inspector {...choice} />
      )}
    </>
  );
}
