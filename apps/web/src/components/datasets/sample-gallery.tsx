/** @file The images of one page of the gallery; each opens large, beside its ground-truth mask. */
'use client';

import type { Sample } from '@plumbline/contracts';
import { useState } from 'react';
import { PlainButton } from '~/components/ui/button.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { LabelBadge } from '~/components/ui/status-badge.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { SampleDialog } from './sample-dialog.tsx';

export function SampleGallery({ samples }: { samples: Sample[] }) {
  const [opened, setOpened] = useState<Sample | null>(null);
  return (
    <>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-6">
        {samples.map((sample) => (
          <li key={sample.path}>
            <PlainButton
              onClick={() => setOpened(sample)}
              className="block w-full rounded-md border border-line bg-surface p-1.5 text-left hover:border-accent"
            >
              <Picture
                src={blobUrl(sample.image.sha256, 256)}
                alt={sample.path}
                loading="lazy"
                className="aspect-square w-full rounded-sm bg-sunken object-cover"
              />
              <span className="mt-1.5 flex flex-wrap items-center gap-1">
                <LabelBadge label={sample.label} />
                <span className="truncate text-xs text-ink-soft">
                  {sample.defectType ?? sample.split}
                </span>
              </span>
            </PlainButton>
          </li>
        ))}
      </ul>
      <SampleDialog sample={opened} onClose={() => setOpened(null)} />
    </>
  );
}
