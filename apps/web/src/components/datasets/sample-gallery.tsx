/** @file The images that match; each opens large, beside its ground-truth mask. */
'use client';

import {
  type CategoryRegions,
  type IgnorePolygon,
  type ListSamplesInput,
  polygonsOf,
  type Sample,
  type SamplePage,
} from '@plumbline/contracts';
import { useMemo, useState } from 'react';
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
  const ignoredIn = useIgnored(ignore);
  return (
    <>
      {inBrowser ? (
        <GalleryGrid {...{ filter, first, ignoredIn }} onOpen={setOpened} />
      ) : (
        <ul className="-mx-1.5 grid grid-cols-2 gap-y-3 sm:grid-cols-4 lg:grid-cols-6">
          {first.samples.map((sample) => (
            <li key={sample.path} className="px-1.5">
              <SampleTile sample={sample} ignored={ignoredIn(sample.category)} onOpen={setOpened} />
            </li>
          ))}
        </ul>
      )}
      <SampleDialog
        sample={opened}
        ignored={opened === null ? NONE : ignoredIn(opened.category)}
        dataset={dataset}
        onClose={() => setOpened(null)}
      />
    </>
  );
}

const NONE: readonly IgnorePolygon[] = [];

/** The same list of a category each time, so that tiles which have not changed are not drawn again. */
function useIgnored(ignore: SampleGalleryProps['ignore']) {
  return useMemo(() => {
    const lists = new Map<string, readonly IgnorePolygon[]>();
    return (category: string) => {
      const known = lists.get(category) ?? polygonsOf(ignore, category);
      lists.set(category, known);
      return known;
    };
  }, [ignore]);
}
