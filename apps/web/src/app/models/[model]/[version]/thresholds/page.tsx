/** @file The threshold profiles of a model version. */
import type { Metadata } from 'next';
import { ThresholdWorkbench } from '~/components/thresholds/threshold-workbench.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';
import { readVersionParams, type VersionPageProps } from '../version-params.ts';

export const dynamic = 'force-dynamic';

export async function generateMetadata({ params }: VersionPageProps): Promise<Metadata> {
  const { name, version } = await readVersionParams(params);
  return { title: `Thresholds of ${name} v${version}` };
}

export default async function ThresholdsPage({ params }: VersionPageProps) {
  const { name, version } = await readVersionParams(params);
  const client = api();
  const title = `Thresholds of ${name} v${version}`;
  const history = await loadNamed(client.thresholds.history.query({ name, version }));
  if (!history.ok) return <LoadFailure title={title} error={history.error} />;
  const images = await loadNamed(client.models.images.query({ name, version }));
  if (!images.ok) return <LoadFailure title={title} error={images.error} />;
  return (
    <>
      <PageHeader
        parent={{ href: `/models/${name}?version=${version}`, label: `${name} v${version}` }}
        title={title}
        description="Decide from which score on an image is anomalous or uncertain. A new profile takes effect at once; the model does not change."
      />
      <ThresholdWorkbench
        model={name}
        version={version}
        history={history.data}
        images={images.data}
      />
    </>
  );
}
