/** @file Sends an image to a model, again whenever either changes, and keeps the last answer with what it is about. */
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

export interface Inspected {
  readonly image: InspectedImage;
  readonly prediction: Prediction;
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

export function useInspection(image: InspectedImage | null, target: PredictTarget): Inspection {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Inspected | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { model, version, category, range } = target;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt sends the same again
  useEffect(() => {
    if (image === null) return;
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
    void predict(image.bytes, asked, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setBusy(false);
      setResult('error' in answer ? null : { image, prediction: answer.prediction, range });
      setError('error' in answer ? answer.error : null);
    });
    return () => abort.abort();
  }, [image, model, version, category, range, attempt]);
  return { busy, result, error, again: () => setAttempt((number) => number + 1) };
}

type Answer = { prediction: Prediction } | { error: ErrorBody };

async function predict(image: Blob, target: PredictTarget, signal: AbortSignal): Promise<Answer> {
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
}
