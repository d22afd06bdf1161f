/** @file All images that match, however many: only the rows in view are in the page, and only their images are loaded. */
'use client';

import type { IgnorePolygon, ListSamplesInput, Sample, SamplePage } from '@plumbline/contracts';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { EmptyTile, SampleTile } from './sample-tile.tsx';
import { useGridSize } from './use-grid-size.ts';
import { useSamplePages } from './use-sample-pages.ts';

interface GalleryGridProps {
  /** Of one version, which does not change. */
  filter: ListSamplesInput;
  first: SamplePage;
  ignoredIn: (category: string) => readonly IgnorePolygon[];
  onOpen: (sample: Sample) => void;
}

/** Rows beyond the window that are there already. */
const OVERSCAN = 2;

export function GalleryGrid({ filter, first, ignoredIn, onOpen }: GalleryGridProps) {
  const list = useRef<HTMLUListElement>(null);
  const { columns, rowHeight, top } = useGridSize(list);
  const { total } = first;
  const virtualizer = useWindowVirtualizer<HTMLLIElement>({
    count: Math.ceil(total / columns),
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are asked for again when they change
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight, columns]);
  const rows = virtualizer.getVirtualItems();
  const from = (rows[0]?.index ?? 0) * columns;
  const to = Math.min(total, ((rows.at(-1)?.index ?? -1) + 1) * columns);
  const { sampleAt, error, retry } = useSamplePages({ filter, first, from, to });
  return (
    <>
      {error === null ? null : (
        <div className="mb-3 space-y-2">
          <ErrorNotice error={errorBodyOf(error)} title="Some images were not loaded" />
          <Button variant="secondary" onClick={retry}>
            Load them again
          </Button>
        </div>
      )}
      <ul ref={list} className="relative -mx-1.5" style={{ height: virtualizer.getTotalSize() }}>
        {Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).map((index) => {
          const sample = sampleAt(index);
          const row = rows[Math.floor(index / columns) - (rows[0]?.index ?? 0)];
          return (
            <li
              key={index}
              aria-posinset={index + 1}
              aria-setsize={total}
              className="absolute top-0 left-0 px-1.5"
              style={{
                width: `${100 / columns}%`,
                transform: `translate(${(index % columns) * 100}%, ${(row?.start ?? 0) - top}px)`,
              }}
            >
              {sample === null ? (
                <EmptyTile />
              ) : (
                <SampleTile sample={sample} ignored={ignoredIn(sample.category)} onOpen={onOpen} />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
