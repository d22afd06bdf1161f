/** @file Regions that are ignored, hatched over an image of their category. */
'use client';

import type { IgnorePolygon } from '@plumbline/contracts';
import { useId } from 'react';

interface IgnoreOverlayProps {
  image: { readonly width: number; readonly height: number };
  polygons: readonly IgnorePolygon[];
  /** The picture fills a frame of another shape, and is cut. */
  covers?: boolean;
}

export function IgnoreOverlay({ image, polygons, covers = false }: IgnoreOverlayProps) {
  const id = useId();
  if (polygons.length === 0) return null;
  const { width, height } = image;
  // As wide on the screen, whatever the size of the image.
  const step = Math.max(width, height) / 40;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio={covers ? 'xMidYMid slice' : 'none'}
      className="pointer-events-none absolute inset-0 size-full"
    >
      <defs>
        <pattern
          id={id}
          width={step}
          height={step}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width={step} height={step} fill="#000" fillOpacity={0.35} />
          <rect width={step / 3} height={step} fill="#fff" fillOpacity={0.75} />
        </pattern>
      </defs>
      {polygons.map((polygon) => (
        <polygon
          key={JSON.stringify(polygon)}
          points={polygon.map(([x, y]) => `${x * width},${y * height}`).join(' ')}
          fill={`url(#${id})`}
          stroke="#fff"
          strokeWidth={1.5}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
