/** @file One model version in full. */
import { type ImageResult, isTrained, type ModelVersion } from '@plumbline/contracts';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import type { Loaded } from '~/trpc/load.ts';
import { CategoryMetrics } from './category-metrics.tsx';
import { HardImageGallery } from './hard-image-gallery.tsx';
import { hardImages } from './hard-images.ts';
import { VersionFacts } from './version-facts.tsx';

const IMAGES_EACH = 12;

interface VersionDetailProps {
  version: ModelVersion;
  images: Loaded<ImageResult[]>;
}

export function VersionDetail({ version, images }: VersionDetailProps) {
  const thresholds = version.manifest.thresholds;
  return (
    <section aria-labelledby="version-title" className="space-y-5">
      <h2 id="version-title" className="text-lg font-semibold">
        Version {version.version}
      </h2>
      <p className="text-sm text-ink-soft">
        Metrics in percent on the test split.{' '}
        {thresholds === null
          ? 'Imported results have no thresholds: they come with no held-out normal scores.'
          : `Thresholds were set on held-out normal training images and never saw it. ${thresholds.rule}`}
      </p>
      <CategoryMetrics version={version} />
      {isTrained(version) ? <VersionFacts version={version} /> : null}
      {images.ok ? (
        thresholds === null ? null : (
          <HardImageGallery
            key={version.version}
            model={version.model}
            version={version.version}
            images={hardImages(images.data, thresholds, IMAGES_EACH)}
            thresholds={thresholds}
          />
        )
      ) : (
        <ErrorNotice error={images.error} title="The test images could not be loaded" />
      )}
    </section>
  );
}
