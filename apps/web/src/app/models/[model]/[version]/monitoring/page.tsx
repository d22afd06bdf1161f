/** @file What a version inspects: scores over time, drift, and what operators say of it. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DriftCard } from '~/components/monitoring/drift-card.tsx';
import { DriftEvents } from '~/components/monitoring/drift-events.tsx';
import { InspectionTable } from '~/components/monitoring/inspection-table.tsx';
import { KeptCard } from '~/components/monitoring/kept-card.tsx';
import { ScoresCard } from '~/components/monitoring/scores-card.tsx';
import { VerdictTable } from '~/components/monitoring/verdict-table.tsx';
import { CategoryChoice } from '~/components/report/category-choice.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { inspectPath } from '~/format/api-paths.ts';
import { load, loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';
import { readVersionParams, type VersionPageProps } from '../version-params.ts';

export const dynamic = 'force-dynamic';

/** In the chart. */
const SHOWN = 500;
/** In the table below it. */
const LISTED = 25;
/** Images that are kept, of those there are. */
const KEPT = 60;

interface MonitoringPageProps extends VersionPageProps {
  searchParams: Promise<{ category?: string | string[] }>;
}

export async function generateMetadata({ params }: VersionPageProps): Promise<Metadata> {
  const { name, version } = await readVersionParams(params);
  return { title: `Monitoring of ${name} v${version}` };
}

export default async function MonitoringPage({ params, searchParams }: MonitoringPageProps) {
  const { name, version } = await readVersionParams(params);
  const { category } = await searchParams;
  if (Array.isArray(category)) notFound();
  const client = api();
  const title = `Monitoring of ${name} v${version}`;
  const monitoring = await loadNamed(client.monitoring.get.query({ name, version }));
  if (!monitoring.ok) return <LoadFailure title={title} error={monitoring.error} />;
  const { promoted, drift, events, verdicts, window } = monitoring.data;
  const asked = { name, version, limit: SHOWN, ...(category && { category }) };
  const inspections = await load(client.monitoring.inspections.query(asked));
  const seen = inspections.ok ? inspections.data : [];
  const categories = categoriesOf([...drift, ...seen], category);
  const isEmpty = inspections.ok && seen.length === 0 && category === undefined;
  return (
    <div className="space-y-6">
      <PageHeader
        parent={{ href: `/models/${name}?version=${version}`, label: `${name} v${version}` }}
        title={title}
        description={`What the version inspected, how far that is from what it was trained on, and how often operators disagreed. ${promoted ? 'It answers inspections and is checked every five minutes.' : 'It is not promoted, so it is checked only when you ask for it.'}`}
        actions={<ButtonLink href={inspectPath(name, version)}>Inspect an image</ButtonLink>}
      />
      {isEmpty ? (
        <EmptyState title="Nothing was inspected yet">
          Inspect images with this version, from the dashboard, with plumb predict or over the API.
          Their scores appear here; say below which of the images are kept.
        </EmptyState>
      ) : (
        <>
          {categories.length < 2 ? null : (
            <CategoryChoice
              label="Category of the inspections"
              base={`/models/${name}/${version}/monitoring`}
              categories={categories}
              chosen={category ?? null}
            />
          )}
          {inspections.ok ? (
            <ScoresCard inspections={seen} category={category ?? null} />
          ) : (
            <ErrorNotice error={inspections.error} title="The inspections could not be loaded" />
          )}
        </>
      )}
      <DriftCard model={name} version={version} drift={drift} window={window} />
      <DriftEvents events={events} />
      <VerdictTable verdicts={verdicts} />
      <KeptImagesOf name={name} version={version} category={category ?? null} />
      <InspectionTable key={category} inspections={seen.slice(0, LISTED)} />
    </div>
  );
}

interface Shown {
  name: string;
  version: number;
  category: string | null;
}

async function KeptImagesOf({ name, version, category }: Shown) {
  const client = api();
  const asked = { name, limit: KEPT, ...(category !== null && { category }) };
  const kept = await load(client.monitoring.keptImages.query(asked));
  const versions = await load(client.models.get.query({ name }));
  if (!kept.ok) return <ErrorNotice error={kept.error} title="Kept images could not be loaded" />;
  if (!versions.ok) return null;
  const owner = versions.data.find((one) => one.version === version);
  if (owner === undefined) return null;
  const { dataset, run } = owner.manifest.lineage;
  const shown = { model: name, dataset, run, category, initial: kept.data };
  return <KeptCard key={`kept ${category ?? ''}`} {...shown} />;
}

function categoriesOf(
  known: readonly { readonly category: string | null }[],
  chosen: string | undefined,
): string[] {
  const names = [...known.map(({ category }) => category), chosen ?? null];
  return [...new Set(names.filter((name) => name !== null))].sort();
}
