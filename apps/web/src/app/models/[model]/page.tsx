/** @file One model: its versions, and one of them in full. */
import {
  isTrained,
  type ModelAlias,
  type ModelVersion,
  type ThresholdHistory,
  type ThresholdProfileVersion,
} from '@plumbline/contracts';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DeleteButton } from '~/components/deletion/delete-button.tsx';
import { AliasCard } from '~/components/models/alias-card.tsx';
import { PromotionHistory } from '~/components/models/promotion-history.tsx';
import { VersionDetail } from '~/components/models/version-detail.tsx';
import { VersionTable } from '~/components/models/version-table.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { inspectPath } from '~/format/api-paths.ts';
import { type Loaded, load, loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

interface ModelPageProps {
  params: Promise<{ model: string }>;
  searchParams: Promise<{ version?: string | string[] }>;
}

export async function generateMetadata({ params }: ModelPageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).model) };
}

export default async function ModelPage({ params, searchParams }: ModelPageProps) {
  const name = decodeURIComponent((await params).model);
  const asked = (await searchParams).version;
  const client = api();
  const result = await loadNamed(client.models.get.query({ name }));
  if (!result.ok) return <LoadFailure title={name} error={result.error} />;
  const versions = result.data;
  const shown =
    asked === undefined
      ? (versions.find((one) => one.promoted) ?? versions[0])
      : versions.find((one) => String(one.version) === asked);
  if (shown === undefined) notFound();
  const canServe = versions.some(isTrained);
  const history = isTrained(shown)
    ? await loadNamed(client.thresholds.history.query({ name, version: shown.version }))
    : null;
  const [images, promotions, aliases] = await Promise.all([
    loadNamed(client.models.images.query({ name, version: shown.version })),
    load(client.models.promotions.query({ name })),
    load(client.models.aliases.query({ name })),
  ]);
  return (
    <div className="space-y-8">
      <PageHeader
        parent={{ href: '/models', label: 'Models' }}
        title={name}
        description={`Dataset: ${shown.manifest.lineage.dataset}. ${canServe ? 'The promoted version answers inspections.' : 'These are imported results without a graph, so they answer no inspections.'}`}
        actions={
          <>
            <DeleteButton
              target={{ kind: 'model', name }}
              title={`Delete the model ${name}`}
              label="Delete"
              leaveTo="/models"
              variant="quiet"
            />
            {isTrained(shown) ? (
              <>
                <ButtonLink variant="secondary" href={inspectPath(name, shown.version, 'browser')}>
                  Run in this browser
                </ButtonLink>
                <ButtonLink href={inspectPath(name, shown.version)}>Inspect an image</ButtonLink>
              </>
            ) : null}
          </>
        }
      />
      <VersionTable versions={versions} shown={shown.version} />
      {promotions.ok ? (
        <PromotionHistory versions={versions} events={promotions.data} />
      ) : (
        <ErrorNotice error={promotions.error} title="The promotions could not be loaded" />
      )}
      <AliasesOf model={name} versions={versions} aliases={aliases} />
      <VersionDetail version={shown} images={images} profile={activeProfile(history)} />
    </div>
  );
}

function AliasesOf({
  aliases,
  ...of
}: {
  model: string;
  versions: ModelVersion[];
  aliases: Loaded<ModelAlias[]>;
}) {
  return aliases.ok ? (
    <AliasCard {...of} aliases={aliases.data} />
  ) : (
    <ErrorNotice error={aliases.error} title="The aliases could not be loaded" />
  );
}

function activeProfile(
  history: Loaded<ThresholdHistory> | null,
): Loaded<ThresholdProfileVersion> | null {
  if (history === null || !history.ok) return history;
  const data = history.data.profiles.find((one) => one.active);
  return data === undefined ? null : { ok: true, data };
}
