/** @file One image of the gallery, and the place of one that is still on its way. */
'use client';

import type { Sample } from '@plumbline/contracts';
import { memo } from 'react';
import { PlainButton } from '~/components/ui/button.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { LabelBadge } from '~/components/ui/status-badge.tsx';
import { blobUrl } from '~/format/api-paths.ts';

interface SampleTileProps {
  sample: Sample;
  onOpen: (sample: Sample) => void;
}

export const SampleTile = memo(function SampleTile({ sample, onOpen }: SampleTileProps) {
  return (
    <PlainButton
      onClick={() => onOpen(sample)}
      className="block w-full rounded-md border border-line bg-surface p-1.5 text-left hover:border-accent"
    >
      <Picture
        src={blobUrl(sample.image.sha256, 256)}
        alt={sample.path}
        loading="lazy"
        className="aspect-square w-full rounded-sm bg-sunken object-cover"
      />
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
