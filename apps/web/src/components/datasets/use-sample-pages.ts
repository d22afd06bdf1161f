/** @file The samples around what is in view, page by page as they are needed. */
'use client';

import type { ListSamplesInput, Sample, SamplePage } from '@plumbline/contracts';
import { useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTRPC } from '~/trpc/client.tsx';
import { GALLERY_PAGE_SIZE } from './gallery-filter.ts';

interface SamplePages {
  /** Null of one that is not there yet. */
  sampleAt(index: number): Sample | null;
  error: unknown;
  retry(): void;
}

interface Wanted {
  readonly filter: ListSamplesInput;
  /** From the server, with the page. */
  readonly first: SamplePage;
  /** The first sample in view, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** What is passed by in a fast scroll is not asked for. */
const SETTLED_MS = 80;
/** Samples beyond those in view that are asked for with them: a third of a second of fast scrolling. */
const AHEAD = GALLERY_PAGE_SIZE;
/** Pages far from view are forgotten after so long. */
const KEPT_MS = 60_000;

export function useSamplePages({ filter, first, from, to }: Wanted): SamplePages {
  const trpc = useTRPC();
  const last = Math.min(first.total, to + AHEAD);
  const begin = useSettled(Math.floor(Math.max(0, from - AHEAD) / GALLERY_PAGE_SIZE));
  const end = useSettled(Math.max(1, Math.ceil(last / GALLERY_PAGE_SIZE)));
  const pages = Array.from({ length: Math.max(0, end - begin) }, (_, i) => begin + i);
  const queries = useQueries({
    queries: pages.map((page) => ({
      ...trpc.datasets.samples.queryOptions({ ...filter, offset: page * GALLERY_PAGE_SIZE }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: KEPT_MS,
      ...(page === 0 ? { initialData: first } : {}),
    })),
  });
  const failed = queries.filter((query) => query.isError);
  return {
    sampleAt(index) {
      const page = queries[Math.floor(index / GALLERY_PAGE_SIZE) - begin];
      return page?.data?.samples[index % GALLERY_PAGE_SIZE] ?? null;
    },
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const query of failed) void query.refetch();
    },
  };
}

/** A value once it has not changed for a moment. */
function useSettled(value: number): number {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
