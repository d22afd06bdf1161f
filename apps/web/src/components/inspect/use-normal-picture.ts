/** @file Asks a version for the picture of what it expects. */
'use client';

import type { ErrorBody } from '@plumbline/contracts';
import { useEffect, useState } from 'react';
import { normalUrl } from '~/format/api-paths.ts';
import { errorBodyOf, errorBodyOfJson } from '~/trpc/errors.ts';

export type NormalPictureState =
  | { readonly kind: 'loading' }
  /** `url` is an object URL. */
  | { readonly kind: 'shown'; readonly url: string }
  | { readonly kind: 'failed'; readonly error: ErrorBody };

export interface NormalPictureSource {
  readonly model: string;
  readonly version: number;
  /** The file, or an address of this dashboard that serves it. */
  readonly image: Blob | string;
  /** Of the image, where it is known: it says how more than 8 bits are read. */
  readonly category?: string | null | undefined;
  /** In place of the category's. */
  readonly range?: string | undefined;
}

export function useNormalPicture({
  model,
  version,
  image,
  category = null,
  range,
}: NormalPictureSource): NormalPictureState {
  const [state, setState] = useState<NormalPictureState>({ kind: 'loading' });
  // The picture comes from a POST, and an object URL has to be given back.
  useEffect(() => {
    const abort = new AbortController();
    let url: string | null = null;
    setState({ kind: 'loading' });
    ask(normalUrl({ model, version, category, range }), image, abort.signal)
      .then((picture) => {
        if (abort.signal.aborted) return;
        url = URL.createObjectURL(picture);
        setState({ kind: 'shown', url });
      })
      .catch((failure: unknown) => {
        if (abort.signal.aborted) return;
        const error = failure instanceof Refused ? failure.body : errorBodyOf(failure);
        setState({ kind: 'failed', error });
      });
    return () => {
      abort.abort();
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [model, version, image, category, range]);
  return state;
}

class Refused extends Error {
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.body = body;
  }
}

async function ask(url: string, image: Blob | string, signal: AbortSignal): Promise<Blob> {
  const body = typeof image === 'string' ? await download(image, signal) : image;
  const response = await fetch(url, {
    method: 'POST',
    // The API looks at the bytes; browsers disagree on the types of BMP and TIFF.
    headers: { 'content-type': 'application/octet-stream' },
    body,
    signal,
  });
  return blobOf(response);
}

async function download(address: string, signal: AbortSignal): Promise<Blob> {
  return blobOf(await fetch(address, { signal }));
}

async function blobOf(response: Response): Promise<Blob> {
  if (response.ok) return response.blob();
  throw new Refused(errorBodyOfJson(await response.json().catch(() => null), response.status));
}
