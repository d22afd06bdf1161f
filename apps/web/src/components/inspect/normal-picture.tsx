/** @file The picture of what a model expects, beside the heatmap of the image. */
'use client';

import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { Skeleton } from '~/components/ui/skeleton.tsx';
import { type NormalPictureSource, useNormalPicture } from './use-normal-picture.ts';

interface NormalPictureProps extends NormalPictureSource {
  /** Pixels of the image, where they are known. */
  size?: { width: number; height: number };
}

export function NormalPicture({ size, ...source }: NormalPictureProps) {
  const state = useNormalPicture(source);
  return (
    <figure aria-busy={state.kind === 'loading'}>
      {state.kind === 'loading' ? (
        <div style={size ? { aspectRatio: `${size.width} / ${size.height}` } : undefined}>
          <p role="status" className="sr-only">
            Drawing what the model expects
          </p>
          <Skeleton className={size ? 'size-full' : 'aspect-square w-full'} />
        </div>
      ) : null}
      {state.kind === 'shown' ? (
        <Picture
          src={state.url}
          alt="The image as the model expects it, without anomalies and blurred"
          {...size}
          className="h-auto w-full rounded-md bg-sunken"
        />
      ) : null}
      {state.kind === 'failed' ? (
        <ErrorNotice error={state.error} title="The picture could not be decoded" />
      ) : null}
      <figcaption className="mt-1.5 text-sm text-ink-soft">
        What the model expects
        <span className="block text-xs">
          Decoded from features, so details are blurred. No score depends on this picture.
        </span>
      </figcaption>
    </figure>
  );
}
