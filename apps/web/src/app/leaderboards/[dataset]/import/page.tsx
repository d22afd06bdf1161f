/** @file Puts the results of another model onto the leaderboard of a dataset. */
import { importResultsInput } from '@plumbline/contracts';
import type { Metadata } from 'next';
import { ForRole } from '~/components/access/caller.tsx';
import { ImportResultsForm } from '~/components/results/import-results-form.tsx';
import { RecentResultImports } from '~/components/results/recent-result-imports.tsx';
import { ResultsFormat } from '~/components/results/results-format.tsx';
import { Card } from '~/components/ui/card.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load, loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Import results' };

const { protocol: protocolSchema } = importResultsInput.shape;

interface ImportResultsPageProps {
  params: Promise<{ dataset: string }>;
  searchParams: Promise<{ protocol?: string | string[] }>;
}

export default async function ImportResultsPage(props: ImportResultsPageProps) {
  const dataset = decodeURIComponent((await props.params).dataset);
  const stated = protocolSchema.safeParse((await props.searchParams).protocol);
  const client = api();
  const [detail, imports, samples] = await Promise.all([
    loadNamed(client.datasets.get.query({ name: dataset })),
    load(client.results.imports.query({ dataset })),
    load(client.datasets.samples.query({ name: dataset, split: 'test', limit: 1 })),
  ]);
  const title = `Import results on ${dataset}`;
  if (!detail.ok) return <LoadFailure title={title} error={detail.error} />;
  const { datasetVersion } = detail.data;
  return (
    <>
      <PageHeader
        parent={{ href: `/leaderboards/${dataset}`, label: `Leaderboard of ${dataset}` }}
        title={title}
        description={`Scores and anomaly maps of any model, evaluated here on dataset version ${datasetVersion} by the same code as every other row. The new row is marked as external. Every row and map is checked first; a failed import leaves nothing behind.`}
      />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Card title="Results">
          <ForRole least="engineer" what="Importing results">
            <ImportResultsForm
              dataset={dataset}
              datasetVersion={datasetVersion}
              initialProtocol={stated.success ? stated.data : protocolSchema.parse(undefined)}
            />
          </ForRole>
        </Card>
        <div className="space-y-6">
          <ResultsFormat example={samples.ok ? (samples.data.samples[0]?.path ?? null) : null} />
          <RecentResultImports dataset={dataset} initial={imports.ok ? imports.data : []} />
        </div>
      </div>
    </>
  );
}
