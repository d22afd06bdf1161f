/** @file Test images of the model's dataset that are inspected with one click. */
'use client';

import type { ErrorBody, Label } from '@plumbline/contracts';
import { useState } from 'react';
import { PlainButton } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { errorBodyOf, errorBodyOfJson } from '~/trpc/errors.ts';
import type { InspectedImage } from './use-inspection.ts';

export interface TryImage {
  readonly path: string;
  readonly category: string;
  readonly label: Label;
  readonly defectType: string | null;
  readonly sha256: string;
}

interface TryImagesProps {
  images: readonly TryImage[];
  onImage: (image: InspectedImage) => void;
}

export function TryImages({ images, onImage }: TryImagesProps) {
  const [error, setError] = useState<ErrorBody | null>(null);
  if (images.length === 0) return null;
  const choose = async (image: TryImage) => {
    setError(null);
    try {
      const response = await fetch(blobUrl(image.sha256));
      if (!response.ok) {
        setError(errorBodyOfJson(await response.json().catch(() => null), response.status));
        return;
      }
      const truth = `${image.category}, ${image.defectType ?? image.label}`;
      onImage({ name: image.path, bytes: await response.blob(), truth });
    } catch (failure) {
      setError(errorBodyOf(failure));
    }
  };
  return (
    <section aria-labelledby="try-title">
      <h2 id="try-title" className="mb-2 font-medium text-sm">
        Or try a test image of the dataset
      </h2>
      <ul className="grid grid-cols-3 gap-3 sm:grid-cols-6">
        {images.map((image) => (
          <li key={image.path}>
            <PlainButton
              onClick={() => void choose(image)}
              className="block w-full rounded-md border border-line bg-surface p-1.5 text-left text-xs hover:border-accent"
            >
              <Picture
                src={blobUrl(image.sha256, 256)}
                alt=""
                className="aspect-square w-full rounded-sm bg-sunken object-cover"
              />
              <span className="mt-1 block truncate font-medium">{image.category}</span>
              <span className="block truncate text-ink-soft">
                {image.defectType ?? image.label}
              </span>
            </PlainButton>
          </li>
        ))}
      </ul>
      {error ? <ErrorNotice error={error} title="The test image could not be loaded" /> : null}
    </section>
  );
}
