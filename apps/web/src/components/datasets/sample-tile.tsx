/** @file One image of the gallery, and the place of one that is still on its way. */
'use client';

import type { IgnorePolygon, Sample } from '@plumbline/contracts';
import { memo } from 'react';
import { IgnoreOverlay } from '~/components/ignore/ignore-overlay.tsx';
import { PlainButton } from '~/components/ui/button.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { LabelBadge } from '~/components/ui/status-badge.tsx';
import { blobUrl } from '~/format/api-paths.ts';

interface SampleTileProps {
  sample: Sample;
  /** In every image of its category. */
  ignored: readonly IgnorePolygon[];
  onOpen: (sample: Sample) => void;
}

export const SampleTile = memo(function SampleTile({ sample, ignored, onOpen }: SampleTileProps) {
  return (
    <PlainButton
      onClick={() => onOpen(sample)}
      className="block w-full rounded-md border border-line bg-surface p-1.5 text-left hover:border-accent"
    >
      <span className="relative block overflow-hidden rounded-sm">
        <Picture
          src={blobUrl(sample.image.sha256, 256)}
          alt={sample.path}
          loading="lazy"
          className="aspect-square w-full bg-sunken object-cover"
        />
        <IgnoreOverlay covers image={sample.image} polygons={ignored} />
      </span>
      <span className="mt-1.5 flex h-6 items-center gap-1">
        <LabelBadge label={sample.label} />
        <span className="truncate text-xs text-ink-soft">{sample.defectType ?? sample.split}</span>
      </span>
    </PlainButton>
  );
});

export function EmptyTile() {
  return (
    <div className="rounded-md border border-line bg-surface p-1.5">
      <div className="aspect-square w-full rounded-sm bg-sunken" />
      <div className="mt-1.5 h-6" />
    </div>
  );
}
