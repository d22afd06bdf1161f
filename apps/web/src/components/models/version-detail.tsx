/** @file One model version in full. */
import {
  hasDecoder,
  type ImageResult,
  isTrained,
  type ModelVersion,
  type ThresholdProfile,
  type ThresholdProfileVersion,
} from '@plumbline/contracts';
import { ForRole } from '~/components/access/caller.tsx';
import { DeleteButton } from '~/components/deletion/delete-button.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { batchesPath } from '~/format/api-paths.ts';
import type { Loaded } from '~/trpc/load.ts';
import { CategoryMetrics } from './category-metrics.tsx';
import { ExtendCard } from './extend-card.tsx';
import { ExternalFacts } from './external-facts.tsx';
import { HardImageGallery } from './hard-image-gallery.tsx';
import { hardImages } from './hard-images.ts';
import { RerunCard } from './rerun-card.tsx';
import { VersionFacts } from './version-facts.tsx';

const IMAGES_EACH = 12;

interface VersionDetailProps {
  version: ModelVersion;
  images: Loaded<ImageResult[]>;
  /** The one that serves; null for imported results, which have none. */
  profile: Loaded<ThresholdProfileVersion> | null;
}

export function VersionDetail({ version, images, profile }: VersionDetailProps) {
  const active = profile?.ok ? profile.data : null;
  const thresholds = active?.profile ?? null;
  return (
    <section aria-labelledby="version-title" className="space-y-5">
      <VersionHead version={version} />
      <p className="text-sm text-ink-soft">
        Metrics in percent on the test split.{' '}
        {active === null
          ? 'There are no thresholds, because imported results have no held-out normal scores.'
          : `Threshold profile ${active.version} serves. ${active.profile.rule} The test split is never used to choose a threshold.`}
      </p>
      {profile !== null && !profile.ok ? (
        <ErrorNotice error={profile.error} title="The thresholds could not be loaded" />
      ) : null}
      <CategoryMetrics
        version={version}
        thresholds={thresholds}
        images={images.ok ? images.data : []}
      />
      {isTrained(version) ? (
        <VersionFacts version={version} />
      ) : (
        <ExternalFacts version={version} />
      )}
      {isTrained(version) ? (
        <RerunCard
          key={`rerun ${version.version}`}
          model={version.model}
          version={version.version}
        />
      ) : null}
      {isTrained(version) ? (
        <ForRole least="engineer">
          <ExtendCard key={`extend ${version.version}`} version={version} />
        </ForRole>
      ) : null}
      <HardImages version={version} images={images} thresholds={thresholds} />
    </section>
  );
}

function VersionHead({ version }: { version: ModelVersion }) {
  const base = `/models/${version.model}/${version.version}`;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <h2 id="version-title" className="text-lg font-semibold">
        Version {version.version}
      </h2>
      <div className="flex flex-wrap gap-2">
        <ButtonLink variant="secondary" href={`${base}/report`}>
          Report
        </ButtonLink>
        {isTrained(version) ? (
          <ButtonLink variant="secondary" href={`${base}/thresholds`}>
            Thresholds
          </ButtonLink>
        ) : null}
        {isTrained(version) ? (
          <ButtonLink variant="secondary" href={`${base}/monitoring`}>
            Monitoring
          </ButtonLink>
        ) : null}
        {isTrained(version) ? (
          <ForRole least="operator">
            <ButtonLink variant="secondary" href={batchesPath(version.model, version.version)}>
              Inspect many images
            </ButtonLink>
          </ForRole>
        ) : null}
        <DeleteButton
          target={{ kind: 'model', name: version.model, version: version.version }}
          title={`Delete version ${version.version} of ${version.model}`}
          label={`Delete version ${version.version}`}
          leaveTo={`/models/${version.model}`}
        />
      </div>
    </div>
  );
}

interface HardImagesProps {
  version: ModelVersion;
  images: Loaded<ImageResult[]>;
  thresholds: ThresholdProfile | null;
}

function HardImages({ version, images, thresholds }: HardImagesProps) {
  if (!images.ok)
    return <ErrorNotice error={images.error} title="The test images could not be loaded" />;
  if (thresholds === null) return null;
  return (
    <HardImageGallery
      key={`hard images ${version.version}`}
      model={version.model}
      version={version.version}
      images={hardImages(images.data, thresholds, IMAGES_EACH)}
      thresholds={thresholds}
      decoder={hasDecoder(version)}
    />
  );
}
