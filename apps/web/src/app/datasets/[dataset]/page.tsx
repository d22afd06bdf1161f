/** @file One dataset: its categories, what the import noticed, and its images. */
import type { Metadata } from 'next';
import { CategoryTable } from '~/components/datasets/category-table.tsx';
import { galleryFilter, type SearchParams } from '~/components/datasets/gallery-filter.ts';
import { ImportFindings } from '~/components/datasets/import-findings.tsx';
import { ProvenanceCard } from '~/components/datasets/provenance-card.tsx';
import { SampleSection } from '~/components/datasets/sample-section.tsx';
import { VersionHistory } from '~/components/datasets/version-history.tsx';
import { DeleteButton } from '~/components/deletion/delete-button.tsx';
import { SuspectReviewCard } from '~/components/suspects/suspect-review-card.tsx';
import { buttonClass } from '~/components/ui/button-class.ts';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { datasetZipUrl } from '~/format/api-paths.ts';
import { formatBytes, formatPlural } from '~/format/format-number.ts';
import { formatMoment } from '~/format/format-time.ts';
import { loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

interface DatasetPageProps {
  params: Promise<{ dataset: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: DatasetPageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).dataset) };
}

export default async function DatasetPage({ params, searchParams }: DatasetPageProps) {
  const name = decodeURIComponent((await params).dataset);
  const filter = galleryFilter(name, await searchParams);
  const client = api();
  const result = await loadNamed(
    Promise.all([
      client.datasets.get.query({ name, version: filter.version }),
      client.datasets.samples.query(filter),
      client.datasets.versions.query({ name }),
      client.suspects.review.query({ name, version: filter.version }),
    ]),
  );
  if (!result.ok) return <LoadFailure title={name} error={result.error} />;
  const [dataset, page, versions, review] = result.data;
  const isLatest = versions[0]?.version === dataset.version;
  const { report, ignore } = dataset;
  const shared = { categories: report.categories, ignore, isLatest };
  return (
    <div className="space-y-8">
      <PageHeader
        parent={{ href: '/datasets', label: 'Datasets' }}
        title={dataset.name}
        description={`${formatPlural(dataset.images, 'image')}, ${formatBytes(dataset.bytes)}, layout ${report.layout}. Version ${dataset.datasetVersion}, made ${formatMoment(dataset.createdAt)}.`}
        actions={
          <>
            <DeleteButton
              target={{ kind: 'dataset', name }}
              title={`Delete the dataset ${name}`}
              label="Delete"
              leaveTo="/datasets"
              variant="quiet"
            />
            <a
              href={datasetZipUrl(name, dataset.version)}
              download
              className={buttonClass('secondary')}
            >
              Export
            </a>
            <ButtonLink href={`/leaderboards/${name}`} variant="secondary">
              Leaderboard
            </ButtonLink>
            {isLatest ? (
              <ButtonLink href={`/runs/new?dataset=${name}`}>Train on this dataset</ButtonLink>
            ) : null}
          </>
        }
      />
      <ProvenanceCard dataset={name} provenance={dataset.provenance} />
      <ImportFindings report={report} dataset={name} isLatest={isLatest} />
      <SuspectReviewCard key={review.version} initial={review} isLatest={isLatest} />
      <VersionHistory dataset={name} versions={versions} shown={dataset.version} />
      <CategoryTable dataset={name} {...shared} />
      <SampleSection filter={filter} version={dataset.version} page={page} {...shared} />
    </div>
  );
}
