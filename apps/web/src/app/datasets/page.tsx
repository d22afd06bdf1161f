/** @file All datasets, and the way to a new one. */
import type { Metadata } from 'next';
import { DatasetList } from '~/components/datasets/dataset-list.tsx';
import { ImportDialog } from '~/components/datasets/import-dialog.tsx';
import { MakeSampleButton } from '~/components/datasets/make-sample-button.tsx';
import { RecentImports } from '~/components/datasets/recent-imports.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Datasets' };

export default async function DatasetsPage() {
  const client = api();
  const result = await load(
    Promise.all([
      client.datasets.list.query(),
      client.datasets.imports.query(),
      client.datasets.layouts.query(),
    ]),
  );
  if (!result.ok) return <LoadFailure title="Datasets" error={result.error} />;
  const [datasets, imports, layouts] = result.data;
  return (
    <>
      <PageHeader
        title="Datasets"
        description="Images in categories, checked on import. A dataset version never changes."
        actions={<ImportDialog layouts={layouts} />}
      />
      <RecentImports initial={imports} />
      {datasets.length === 0 ? (
        <EmptyState title="No datasets yet" actions={<MakeSampleButton />}>
          Import a folder or .zip of images, or make the sample dataset to see how the platform
          works.
        </EmptyState>
      ) : (
        <DatasetList datasets={datasets} />
      )}
    </>
  );
}
