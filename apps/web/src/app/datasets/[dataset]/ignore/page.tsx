/** @file What is ignored in every image of a category, to be drawn: `?category=` names it. */
import { polygonsOf } from '@plumbline/contracts';
import type { Metadata } from 'next';
import { ForRole } from '~/components/access/caller.tsx';
import type { SearchParams } from '~/components/datasets/gallery-filter.ts';
import { IgnoreEditor } from '~/components/ignore/ignore-editor.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { datasetPath } from '~/format/api-paths.ts';
import { loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Ignore regions' };

interface IgnorePageProps {
  params: Promise<{ dataset: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function IgnorePage({ params, searchParams }: IgnorePageProps) {
  const name = decodeURIComponent((await params).dataset);
  const { category: asked } = await searchParams;
  const category = typeof asked === 'string' ? asked : '';
  const client = api();
  const result = await loadNamed(
    Promise.all([
      client.datasets.get.query({ name }),
      client.datasets.samples.query({ name, category, split: 'train', label: 'normal', limit: 1 }),
    ]),
  );
  if (!result.ok) return <LoadFailure title={name} error={result.error} />;
  const [dataset, { samples }] = result.data;
  const [sample] = samples;
  return (
    <div className="space-y-6">
      <PageHeader
        parent={{ href: datasetPath(name), label: name }}
        title="Ignore regions"
        description={
          category === ''
            ? 'No category is named.'
            : `Fixtures and edges that are in every image of ${category}.`
        }
      />
      {sample === undefined ? (
        <EmptyState
          title="No image to draw on"
          actions={<ButtonLink href={datasetPath(name)}>Show the categories</ButtonLink>}
        >
          The latest version of {name} has no normal training image of this category.
        </EmptyState>
      ) : (
        <ForRole least="engineer" what="Setting what is ignored">
          <IgnoreEditor
            key={dataset.version}
            dataset={name}
            category={category}
            image={sample.image}
            polygons={polygonsOf(dataset.ignore, category)}
          />
        </ForRole>
      )}
    </div>
  );
}
