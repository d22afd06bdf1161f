/** @file Test images with what two rows make of each; opened, an image stands beside both heatmaps. */
'use client';

import { type ComparedImage, formatRatio } from '@plumbline/contracts';
import { type ReactNode, useState } from 'react';
import { PlainButton } from '~/components/ui/button.tsx';
import { Dialog } from '~/components/ui/dialog.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { blobUrl, heatmapUrl } from '~/format/api-paths.ts';
import { formatScore, formatShare } from '~/format/format-number.ts';

interface Version {
  readonly model: string;
  readonly version: number;
}

interface ComparedGalleryProps {
  images: readonly ComparedImage[];
  a: Version;
  b: Version;
}

export function ComparedGallery({ images, a, b }: ComparedGalleryProps) {
  const [opened, setOpened] = useState<ComparedImage | null>(null);
  return (
    <>
      <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
        {images.map((image) => (
          <li key={image.path}>
            <PlainButton
              onClick={() => setOpened(image)}
              className="flex w-full gap-3 rounded-md border border-line p-2 text-left text-sm hover:border-accent"
            >
              <Picture
                src={blobUrl(image.sha256, 256)}
                alt=""
                width={88}
                height={88}
                loading="lazy"
                className="size-22 shrink-0 rounded-sm bg-sunken object-cover"
              />
              <span className="min-w-0 grow space-y-1">
                <span className="block break-all font-medium text-xs">{image.path}</span>
                <span className="block text-ink-soft text-xs">
                  {image.label}
                  {image.defectType ? `, ${image.defectType}` : ''}
                </span>
                <Side name="A" image={image} side={image.a} />
                <Side name="B" image={image} side={image.b} />
              </span>
            </PlainButton>
          </li>
        ))}
      </ul>
      <Dialog
        wide
        open={opened !== null}
        onOpenChange={(open) => (open ? undefined : setOpened(null))}
        title={opened?.path ?? 'Test image'}
        description="Each heatmap is gray up to 0.75 times its own model version’s pixel threshold for the category; a white line surrounds what is at or above that threshold. Heatmaps of imported results run from the lowest to the highest value of all."
      >
        {opened === null ? null : (
          <div className="grid gap-4 sm:grid-cols-3">
            <Figure src={blobUrl(opened.sha256, 1024)} alt="The image">
              <TextLink href={blobUrl(opened.sha256)} prefetch={false} target="_blank">
                Original image
              </TextLink>
              <span className="block">
                {opened.label}
                {opened.defectType ? `, ${opened.defectType}` : ''}
              </span>
            </Figure>
            <Heatmap name="A" version={a} image={opened} side={opened.a} />
            <Heatmap name="B" version={b} image={opened} side={opened.b} />
          </div>
        )}
      </Dialog>
    </>
  );
}

interface SideProps {
  name: string;
  image: ComparedImage;
  side: ComparedImage['a'];
}

function Side({ name, image, side }: SideProps) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs">
      <span className="font-semibold">{name}</span>
      <Judgement label={image.label} predicted={side.predictedLabel} />
      <span className="text-ink-soft">
        {ratioText(side)}, above {formatShare(side.quantile)}
      </span>
    </span>
  );
}

/** Imported results have no threshold. */
function ratioText({ scoreRatio }: ComparedImage['a']): string {
  return scoreRatio === null ? 'ratio undefined' : `${formatRatio(scoreRatio)} × threshold`;
}

function Judgement({
  label,
  predicted,
}: {
  label: ComparedImage['label'];
  predicted: ComparedImage['a']['predictedLabel'];
}) {
  if (predicted === null) return <Badge>no threshold</Badge>;
  if (predicted === label) return <Badge tone="ok">correct</Badge>;
  return <Badge tone="bad">{label === 'normal' ? 'false alarm' : 'miss'}</Badge>;
}

function Heatmap({ name, version, image, side }: SideProps & { version: Version }) {
  const { model, version: number } = version;
  return (
    <Figure src={heatmapUrl(model, number, image.sha256)} alt={`Heatmap of ${name}`}>
      <span className="font-medium text-ink">
        {name}: {model} v{number}
      </span>
      <span className="block">
        Score {formatScore(side.imageScore)}, {ratioText(side)}
        {side.threshold === null ? '' : ` (${formatScore(side.threshold)})`}, above{' '}
        {formatShare(side.quantile)} of its category
      </span>
    </Figure>
  );
}

interface FigureProps {
  src: string;
  alt: string;
  children: ReactNode;
}

/** Imported results have heatmaps of some images only. */
function Figure({ src, alt, children }: FigureProps) {
  const [missing, setMissing] = useState(false);
  return (
    <figure>
      {missing ? (
        <p className="flex aspect-square items-center justify-center rounded-md bg-sunken p-4 text-center text-ink-soft text-sm">
          There is no picture of this image.
        </p>
      ) : (
        <Picture
          src={src}
          alt={alt}
          onError={() => setMissing(true)}
          className="aspect-square w-full rounded-md bg-sunken object-contain"
        />
      )}
      <figcaption className="mt-1.5 text-sm text-ink-soft">{children}</figcaption>
    </figure>
  );
}
