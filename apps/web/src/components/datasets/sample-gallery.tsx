/** @file The images that match; each opens large, beside its ground-truth mask. */
'use client';

import {
  type CategoryRegions,
  type ListSamplesInput,
  polygonsOf,
  type Sample,
  type SamplePage,
} from '@plumbline/contracts';
import { useState } from 'react';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { GalleryGrid } from './gallery-grid.tsx';
import { SampleDialog } from './sample-dialog.tsx';
import { SampleTile } from './sample-tile.tsx';

interface SampleGalleryProps {
  filter: ListSamplesInput;
  first: SamplePage;
  ignore: readonly CategoryRegions[] | undefined;
  /** To be changed; null for a version that is not the latest. */
  dataset: string | null;
}

export function SampleGallery({ filter, first, ignore, dataset }: SampleGalleryProps) {
  const [opened, setOpened] = useState<Sample | null>(null);
  const inBrowser = useInBrowser();
  return (
    <>
      {inBrowser ? (
        <GalleryGrid filter={filter} first={first} onOpen={setOpened} />
      ) : (
        <ul className="-mx-1.5 grid grid-cols-2 gap-y-3 sm:grid-cols-4 lg:grid-cols-6">
          {first.samples.map((sample) => (
            <li key={sample.path} className="px-1.5">
              <SampleTile sample={sample} onOpen={setOpened} />
            </li>
          ))}
        </ul>
      )}
      <SampleDialog
        sample={opened}
        ignored={polygonsOf(ignore, opened?.category ?? null)}
        dataset={dataset}
        onClose={() => setOpened(null)}
      />
    </>
  );
}
