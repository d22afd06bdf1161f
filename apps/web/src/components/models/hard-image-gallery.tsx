/** @file Test images that the version finds hard, each with its heatmap on demand. */
'use client';

import { heatmapScale, type ImageResult, type ThresholdProfile } from '@plumbline/contracts';
import { type ReactNode, useState } from 'react';
import { ColorLegend } from '~/components/inspect/color-legend.tsx';
import { NormalPicture } from '~/components/inspect/normal-picture.tsx';
import { PlainButton } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { Dialog } from '~/components/ui/dialog.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { blobUrl, heatmapUrl } from '~/format/api-paths.ts';
import { formatMultiple, formatScore } from '~/format/format-number.ts';
import { type HardImages, imageThresholdOf } from './hard-images.ts';

/** Of a heatmap whose values are in multiples of its category's own pixel threshold. */
const OWN_THRESHOLD = heatmapScale(1);

interface HardImageGalleryProps {
  model: string;
  version: number;
  images: HardImages;
  thresholds: ThresholdProfile;
  /** Whether the version can show what it expects. */
  decoder: boolean;
}

export function HardImageGallery(props: HardImageGalleryProps) {
  const { model, version, images, thresholds, decoder } = props;
  const [opened, setOpened] = useState<ImageResult | null>(null);
  const rows = { thresholds, onOpen: setOpened };
  return (
    <>
      <div className="grid gap-5 lg:grid-cols-2">
        <Card
          title="Highest scoring normal images"
          description="At or above its threshold, a normal image is a false alarm."
        >
          <ImageGrid images={images.normal} {...rows} />
        </Card>
        <Card
          title="Lowest scoring anomalous images"
          description="Below its threshold, an anomalous image is a miss."
        >
          <ImageGrid images={images.anomalous} {...rows} />
        </Card>
      </div>
      <Dialog
        wide
        open={opened !== null}
        onOpenChange={(open) => (open ? undefined : setOpened(null))}
        title={opened?.path ?? 'Test image'}
      >
        {opened ? (
          <>
            <div className={classNames('grid gap-4 sm:grid-cols-2', decoder && 'lg:grid-cols-3')}>
              <Figure src={blobUrl(opened.sha256, 1024)} caption="Image" />
              <Figure src={heatmapUrl(model, version, opened.sha256)} caption="Heatmap">
                <ColorLegend scale={OWN_THRESHOLD} unit="multiples" />
              </Figure>
              {decoder ? (
                <NormalPicture
                  model={model}
                  version={version}
                  image={blobUrl(opened.sha256)}
                  category={opened.category}
                />
              ) : null}
            </div>
            <p className="mt-4 text-sm">
              {opened.category}, {opened.label}
              {opened.defectType ? `, ${opened.defectType}` : ''}.{' '}
              {formatMultiple(opened.imageScore, imageThresholdOf(opened, thresholds))}: image score{' '}
              {formatScore(opened.imageScore)}, threshold{' '}
              {formatScore(imageThresholdOf(opened, thresholds))}.
            </p>
          </>
        ) : null}
      </Dialog>
    </>
  );
}

interface FigureProps {
  src: string;
  caption: string;
  children?: ReactNode;
}

function Figure({ src, caption, children }: FigureProps) {
  return (
    <figure>
      <Picture src={src} alt={caption} className="w-full rounded-md bg-sunken object-contain" />
      <figcaption className="mt-1.5 space-y-2 text-sm text-ink-soft">
        <span className="block">{caption}</span>
        {children}
      </figcaption>
    </figure>
  );
}

interface ImageGridProps {
  images: ImageResult[];
  thresholds: ThresholdProfile;
  onOpen: (image: ImageResult) => void;
}

function ImageGrid({ images, thresholds, onOpen }: ImageGridProps) {
  if (images.length === 0) {
    return <p className="text-sm text-ink-soft">The test split has no such images.</p>;
  }
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3">
      {images.map((image) => (
        <li key={image.path}>
          <PlainButton
            onClick={() => onOpen(image)}
            className="block w-full rounded-md border border-line p-1.5 text-left text-xs hover:border-accent"
          >
            <Picture
              src={blobUrl(image.sha256, 256)}
              alt={image.path}
              loading="lazy"
              className="aspect-square w-full rounded-sm bg-sunken object-cover"
            />
            <span className="mt-1.5 block truncate font-medium">
              {image.category}
              {image.defectType ? `, ${image.defectType}` : ''}
            </span>
            <span className="mb-1 block text-ink-soft">
              {formatMultiple(image.imageScore, imageThresholdOf(image, thresholds))}
              <span className="block">score {formatScore(image.imageScore)}</span>
            </span>
            <Verdict image={image} threshold={imageThresholdOf(image, thresholds)} />
          </PlainButton>
        </li>
      ))}
    </ul>
  );
}

function Verdict({ image, threshold }: { image: ImageResult; threshold: number }) {
  const predicted = image.imageScore >= threshold ? 'anomalous' : 'normal';
  if (predicted === image.label) return <Badge tone="ok">correct</Badge>;
  return <Badge tone="bad">{image.label === 'normal' ? 'false alarm' : 'miss'}</Badge>;
}
