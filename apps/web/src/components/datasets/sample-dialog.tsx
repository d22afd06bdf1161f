/** @file One sample in full: the image, its ground-truth mask where it has one, and what can be changed. */
'use client';

import type { IgnorePolygon, Sample } from '@plumbline/contracts';
import { type ReactNode, useState } from 'react';
import { ForRole } from '~/components/access/caller.tsx';
import { IgnoreOverlay } from '~/components/ignore/ignore-overlay.tsx';
import { MaskOverlay } from '~/components/masks/mask-overlay.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { Dialog } from '~/components/ui/dialog.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { blobUrl, maskPath } from '~/format/api-paths.ts';
import { formatBytes } from '~/format/format-number.ts';
import { SampleChanges } from './sample-changes.tsx';

interface SampleDialogProps {
  sample: Sample | null;
  /** In every image of its category. */
  ignored: readonly IgnorePolygon[];
  /** To be changed; null for a version that is not the latest. */
  dataset: string | null;
  onClose: () => void;
}

export function SampleDialog({ sample, ignored, dataset, onClose }: SampleDialogProps) {
  return (
    <Dialog
      wide
      open={sample !== null}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={sample?.path ?? 'Sample'}
    >
      {sample ? <SampleDetail {...{ sample, ignored, dataset }} /> : null}
    </Dialog>
  );
}

type SampleDetailProps = Pick<SampleDialogProps, 'ignored' | 'dataset'> & { sample: Sample };

function SampleDetail({ sample, ignored, dataset }: SampleDetailProps) {
  const { image, mask } = sample;
  const [overlaid, setOverlaid] = useState(true);
  return (
    <div className="space-y-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <Frame
          caption={ignored.length === 0 ? 'Image' : 'Image; what is hatched is ignored'}
          src={blobUrl(image.sha256, 1024)}
          alt={`Image ${sample.path}`}
        >
          {mask && overlaid ? <MaskOverlay sha256={mask.sha256} /> : null}
          <IgnoreOverlay image={image} polygons={ignored} />
        </Frame>
        {mask ? (
          <Frame
            caption="Ground-truth mask"
            src={blobUrl(mask.sha256, 1024)}
            alt={`Ground-truth mask of ${sample.path}; white marks the anomaly`}
          />
        ) : (
          <p className="flex items-center justify-center rounded-md bg-sunken p-6 text-center text-sm text-ink-soft">
            {sample.label === 'normal'
              ? 'A normal sample has no ground-truth mask.'
              : 'This anomalous sample has no ground-truth mask.'}
          </p>
        )}
      </div>
      {mask ? (
        <Button variant="secondary" aria-pressed={overlaid} onClick={() => setOverlaid(!overlaid)}>
          Mask over the image
        </Button>
      ) : null}
      {dataset === null ? null : (
        <ForRole least="engineer">
          <div className="space-y-4">
            <ButtonLink variant="secondary" href={maskPath(dataset, sample.path)}>
              {mask ? 'Change the mask' : 'Draw a mask'}
            </ButtonLink>
            <SampleChanges sample={sample} dataset={dataset} />
          </div>
        </ForRole>
      )}
      <Facts>
        <Fact term="Category">{sample.category}</Fact>
        <Fact term="Split">{sample.split}</Fact>
        <Fact term="Label">{sample.label}</Fact>
        <Fact term="Defect type">{sample.defectType ?? 'none'}</Fact>
        <Fact term="Size">
          {image.width} × {image.height} px, {image.format}, {formatBytes(image.bytes)}
        </Fact>
      </Facts>
    </div>
  );
}

interface FrameProps {
  caption: string;
  src: string;
  alt: string;
  children?: ReactNode;
}

function Frame({ caption, src, alt, children }: FrameProps) {
  return (
    <figure>
      <div className="relative">
        <Picture src={src} alt={alt} className="w-full rounded-md bg-sunken object-contain" />
        {children}
      </div>
      <figcaption className="mt-1.5 text-sm text-ink-soft">{caption}</figcaption>
    </figure>
  );
}
