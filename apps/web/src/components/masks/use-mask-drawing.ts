/** @file The drawing of one sample: its mask is fetched first, where it has one. */
'use client';

import type { ErrorBody, Sample } from '@plumbline/contracts';
import { useEffect, useReducer, useState } from 'react';
import { UploadFailure } from '~/components/uploads/upload-failure.ts';
import { errorBodyOf } from '~/trpc/errors.ts';
import { MaskDrawing } from './mask-drawing.ts';
import { fetchMask } from './mask-files.ts';

export interface LoadedDrawing {
  /** Null until the mask is here. */
  readonly drawing: MaskDrawing | null;
  readonly error: ErrorBody | null;
  /** Counts changes. */
  readonly revision: number;
  change(work: (drawing: MaskDrawing) => void): void;
  again(): void;
}

export function useMaskDrawing({ image, mask }: Sample): LoadedDrawing {
  const [drawing, setDrawing] = useState<MaskDrawing | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [revision, count] = useReducer((before: number) => before + 1, 0);
  const { width, height } = image;
  const sha256 = mask?.sha256 ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt fetches the same again
  useEffect(() => {
    const abort = new AbortController();
    setError(null);
    setDrawing(null);
    const load = async () =>
      sha256 === null
        ? new MaskDrawing(width, height)
        : new MaskDrawing(width, height, await fetchMask(sha256, abort.signal));
    load().then(
      (made) => {
        if (!abort.signal.aborted) setDrawing(made);
      },
      (failure: unknown) => {
        if (!abort.signal.aborted)
          setError(failure instanceof UploadFailure ? failure.body : errorBodyOf(failure));
      },
    );
    return () => abort.abort();
  }, [width, height, sha256, attempt]);
  return {
    ...{ drawing, error, revision },
    change: (work) => {
      if (drawing === null) return;
      work(drawing);
      count();
    },
    again: () => setAttempt((number) => number + 1),
  };
}
