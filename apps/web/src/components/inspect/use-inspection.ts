/** @file Asks a model about an image, again whenever either changes, and keeps the last answer with what it is about. */
'use client';

import { type ErrorBody, type Prediction, predictionSchema } from '@plumbline/contracts';
import { useEffect, useState } from 'react';
import { type PredictTarget, predictUrl } from '~/format/api-paths.ts';
import { errorBodyOf, errorBodyOfJson } from '~/trpc/errors.ts';

export interface InspectedImage {
  readonly name: string;
  readonly bytes: Blob;
  /** What the dataset says about it; null for a file of the user. */
  readonly truth: string | null;
}

/** One that this browser made is not recorded, so nothing names it. */
export type InspectedPrediction = Omit<Prediction, 'inspection' | 'mask'> & {
  readonly inspection: string | null;
};

export type Answer = { prediction: InspectedPrediction } | { error: ErrorBody };

/** Whoever answers: the server, or a model that was loaded into this browser. */
export type Ask = (image: Blob, target: PredictTarget, signal: AbortSignal) => Promise<Answer>;

export interface Inspected {
  readonly image: InspectedImage;
  readonly prediction: InspectedPrediction;
  /** Of its values, where one was given. */
  readonly range: string | undefined;
}

export interface Inspection {
  readonly busy: boolean;
  readonly result: Inspected | null;
  readonly error: ErrorBody | null;
  /** Sends the same once more. */
  again(): void;
}

/** @param ask Null: nobody can be asked yet. */
export function useInspection(
  image: InspectedImage | null,
  target: PredictTarget,
  ask: Ask | null,
): Inspection {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Inspected | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { model, version, category, range } = target;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt sends the same again
  useEffect(() => {
    setBusy(false);
    if (image === null || ask === null) return;
    // An answer to what is no longer asked must not replace one to what is.
    const abort = new AbortController();
    setBusy(true);
    setError(null);
    const asked: PredictTarget = {
      model,
      ...(version === undefined ? {} : { version }),
      ...(category === undefined ? {} : { category }),
      ...(range === undefined ? {} : { range }),
    };
    void ask(image.bytes, asked, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setBusy(false);
      setResult('error' in answer ? null : { image, prediction: answer.prediction, range });
      setError('error' in answer ? answer.error : null);
    });
    return () => abort.abort();
  }, [image, model, version, category, range, attempt, ask]);
  return { busy, result, error, again: () => setAttempt((number) => number + 1) };
}

export const askServer: Ask = async (image, target, signal) => {
  try {
    const response = await fetch(predictUrl('/api', target), {
      method: 'POST',
      // The API looks at the bytes; browsers disagree on the types of BMP and TIFF.
      headers: { 'content-type': 'application/octet-stream' },
      body: image,
      signal,
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) return { error: errorBodyOfJson(body, response.status) };
    return { prediction: predictionSchema.parse(body) };
  } catch (failure) {
    return { error: errorBodyOf(failure) };
  }
};
