/** @file All models. */
import type { Metadata } from 'next';
import { ModelTable } from '~/components/models/model-table.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Models' };

export default async function ModelsPage() {
  const result = await load(api().models.list.query());
  if (!result.ok) return <LoadFailure title="Models" error={result.error} />;
  return (
    <>
      <PageHeader
        title="Models"
        description="A version is one ONNX graph with its results, thresholds and lineage. Metrics are those of the latest version, in percent."
      />
      {result.data.length === 0 ? (
        <EmptyState
          title="No models yet"
          actions={<ButtonLink href="/runs/new">Start a run</ButtonLink>}
        >
          A model appears here when its first training run has finished.
        </EmptyState>
      ) : (
        <ModelTable models={result.data} />
      )}
    </>
  );
}
