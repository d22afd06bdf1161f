/** @file The ground-truth mask of one image, to be drawn: `?path=` names the image. */
import type { Metadata } from 'next';
import { ForRole } from '~/components/access/caller.tsx';
import type { SearchParams } from '~/components/datasets/gallery-filter.ts';
import { MaskEditor } from '~/components/masks/mask-editor.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { datasetPath } from '~/format/api-paths.ts';
import { loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Draw a mask' };

interface MaskPageProps {
  params: Promise<{ dataset: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function MaskPage({ params, searchParams }: MaskPageProps) {
  const name = decodeURIComponent((await params).dataset);
  const { path } = await searchParams;
  const wanted = typeof path === 'string' ? path : '';
  const result = await loadNamed(api().datasets.samples.query({ name, path: wanted, limit: 1 }));
  if (!result.ok) return <LoadFailure title={name} error={result.error} />;
  const [sample] = result.data.samples;
  return (
    <div className="space-y-6">
      <PageHeader
        parent={{ href: datasetPath(name), label: name }}
        title={sample?.mask ? 'Change the mask' : 'Draw a mask'}
        description={wanted === '' ? 'No image is named.' : wanted}
      />
      {sample === undefined ? (
        <EmptyState
          title="No such image"
          actions={<ButtonLink href={datasetPath(name)}>Show the images</ButtonLink>}
        >
          The latest version of {name} has no image of this name. Images that were moved or labeled
          anew have other paths.
        </EmptyState>
      ) : (
        <ForRole least="engineer" what="Drawing masks">
          <MaskEditor key={sample.mask?.sha256} dataset={name} sample={sample} />
        </ForRole>
      )}
    </div>
  );
}
