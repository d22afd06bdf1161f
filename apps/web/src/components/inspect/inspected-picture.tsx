/** @file The heatmap of an inspected image, or the image itself. */
'use client';

import type { IgnorePolygon } from '@plumbline/contracts';
import { useEffect, useState } from 'react';
import { IgnoreOverlay } from '~/components/ignore/ignore-overlay.tsx';
import { PlainButton } from '~/components/ui/button.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { Picture } from '~/components/ui/picture.tsx';
import { ColorLegend } from './color-legend.tsx';
import type { InspectedImage, InspectedPrediction } from './use-inspection.ts';

interface InspectedPictureProps {
  image: InspectedImage;
  prediction: InspectedPrediction;
  /** By the version, in every image of the category. */
  ignored: readonly IgnorePolygon[];
}

export function InspectedPicture({ image, prediction, ignored }: InspectedPictureProps) {
  const [shown, setShown] = useState<'heatmap' | 'original'>('heatmap');
  const { heatmap, width, height, predictedLabel } = prediction;
  const choice = (which: 'heatmap' | 'original', label: string) => (
    <PlainButton
      aria-pressed={shown === which}
      onClick={() => setShown(which)}
      className={classNames(
        'rounded-full border px-3 py-1 text-sm',
        shown === which
          ? 'border-accent bg-accent-soft font-medium'
          : 'border-line-strong hover:bg-sunken',
      )}
    >
      {label}
    </PlainButton>
  );
  const look = 'size-full rounded-md bg-sunken';
  return (
    <figure>
      {/* biome-ignore lint/a11y/useSemanticElements: two buttons are no form */}
      <div role="group" aria-label="Picture" className="mb-3 flex gap-2">
        {choice('heatmap', 'Heatmap')}
        {choice('original', 'Original')}
      </div>
      <div className="relative mx-auto" style={frameOf({ width, height })}>
        {shown === 'original' || heatmap === null ? (
          <Original image={image} size={{ width, height }} className={look} />
        ) : (
          <Picture
            src={`data:image/png;base64,${heatmap}`}
            alt={`Heatmap of ${image.name}, ${predictedLabel}: the image in gray, colored where it departs from normal`}
            width={width}
            height={height}
            className={look}
          />
        )}
        <IgnoreOverlay image={{ width, height }} polygons={ignored} />
      </div>
      <figcaption className="mt-3 space-y-2">
        {ignored.length === 0 ? null : (
          <p className="text-ink-soft text-sm">What is hatched is ignored: nothing there counts.</p>
        )}
        <ColorLegend scale={prediction.heatmapScale} />
      </figcaption>
    </figure>
  );
}

/** As large as the image, but neither tiny nor beyond the column or 32 rem of height. */
function frameOf({ width, height }: { width: number; height: number }) {
  const ratio = width / height;
  return {
    width: `min(100%, ${32 * ratio}rem, max(20rem, ${width}px))`,
    aspectRatio: `${width} / ${height}`,
  };
}

interface OriginalProps {
  image: InspectedImage;
  size: { width: number; height: number };
  className: string;
}

function Original({ image, size, className }: OriginalProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  // An object URL has to be given back.
  useEffect(() => {
    const made = URL.createObjectURL(image.bytes);
    setUrl(made);
    setMissing(false);
    return () => URL.revokeObjectURL(made);
  }, [image.bytes]);
  if (missing) {
    return (
      <p className="rounded-md bg-sunken p-6 text-ink-soft text-sm">
        Your browser can’t show this kind of file. The heatmap shows the image in gray.
      </p>
    );
  }
  if (url === null) return null;
  return (
    <Picture
      src={url}
      alt={`${image.name} as it is`}
      {...size}
      onError={() => setMissing(true)}
      className={className}
    />
  );
}
