/** @file Sends one image to a model and keeps the answer with the picture it is about. */
'use client';

import { type ErrorBody, type Prediction, predictionSchema } from '@plumbline/contracts';
import { useEffect, useState } from 'react';
import { type PredictTarget, predictUrl } from '~/format/api-paths.ts';
import { errorBodyOf, errorBodyOfJson } from '~/trpc/errors.ts';

export interface Inspected {
  readonly file: File;
  /** Object URL of the image. */
  readonly imageUrl: string;
  readonly prediction: Prediction;
}

export interface Inspection {
  readonly busy: boolean;
  readonly result: Inspected | null;
  readonly error: ErrorBody | null;
  inspect(file: File, target: PredictTarget): Promise<void>;
}

export function useInspection(): Inspection {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Inspected | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);

  const imageUrl = result?.imageUrl;
  useEffect(() => {
    if (imageUrl === undefined) return;
    return () => URL.revokeObjectURL(imageUrl);
  }, [imageUrl]);

  const inspect = async (file: File, target: PredictTarget) => {
    setBusy(true);
    setError(null);
    const answer = await predict(file, target);
    setBusy(false);
    if ('error' in answer) {
      setResult(null);
      setError(answer.error);
      return;
    }
    setResult({
      file,
      imageUrl: URL.createObjectURL(file),
      prediction: answer.prediction,
    });
  };
  return { busy, result, error, inspect };
}

type Answer = { prediction: Prediction } | { error: ErrorBody };

async function predict(file: File, target: PredictTarget): Promise<Answer> {
  try {
    const response = await fetch(predictUrl('/api', target), {
      method: 'POST',
      // The API looks at the bytes; browsers disagree on the types of BMP and TIFF.
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) return { error: errorBodyOfJson(body, response.status) };
    return { prediction: predictionSchema.parse(body) };
  } catch (failure) {
    return { error: errorBodyOf(failure) };
  }
}
