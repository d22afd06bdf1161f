/** @file The report of a model version. */
import { isTrained } from '@plumbline/contracts';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ReportView } from '~/components/report/report-view.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';
import { readVersionParams, type VersionPageProps } from '../version-params.ts';

export const dynamic = 'force-dynamic';

interface ReportPageProps extends VersionPageProps {
  searchParams: Promise<{ category?: string | string[] }>;
}

export async function generateMetadata({ params }: ReportPageProps): Promise<Metadata> {
  const { name, version } = await readVersionParams(params);
  return { title: `Report of ${name} v${version}` };
}

export default async function ReportPage({ params, searchParams }: ReportPageProps) {
  const { name, version: number } = await readVersionParams(params);
  const { category } = await searchParams;
  const title = `Report of ${name} v${number}`;
  const loaded = await loadNamed(loadReport(name, number));
  if (!loaded.ok) return <LoadFailure title={title} error={loaded.error} />;
  const { version, file, card, images, thresholds } = loaded.data;
  if (version === undefined) notFound();
  const known = typeof category === 'string' && Object.hasOwn(file?.categories ?? {}, category);
  return (
    <>
      <PageHeader
        parent={{ href: `/models/${name}?version=${number}`, label: `${name} v${number}` }}
        title={title}
        description={`On the test split of ${version.manifest.lineage.dataset} ${version.manifest.lineage.datasetVersion}, protocol ${version.manifest.protocol.name}.`}
      />
      <ReportView
        {...{ version, file, card, images, thresholds }}
        category={known ? category : null}
      />
    </>
  );
}

async function loadReport(name: string, number: number) {
  const client = api();
  const key = { name, version: number };
  const [versions, file, card, images] = await Promise.all([
    client.models.get.query({ name }),
    client.models.evaluation.query(key),
    client.models.card.query(key),
    client.models.images.query(key),
  ]);
  const version = versions.find((one) => one.version === number);
  const history =
    version !== undefined && isTrained(version) ? await client.thresholds.history.query(key) : null;
  const active = history?.profiles.find((one) => one.active);
  return { version, file, card: card.markdown, images, thresholds: active?.profile ?? null };
}
