/** @file The worst misses or false alarms, each beside its heatmap on the version's fixed colour scale. */
import type { PaintScale } from '@plumbline/contracts';
import type { ReactNode } from 'react';
import { ColorLegend } from '~/components/inspect/color-legend.tsx';
import { Card } from '~/components/ui/card.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl, heatmapUrl } from '~/format/api-paths.ts';

export interface WorstImage {
  readonly path: string;
  readonly sha256: string;
  /** Its score, and what that means. */
  readonly verdict: ReactNode;
}

interface WorstImagesProps {
  title: string;
  description: string;
  empty: string;
  model: string;
  version: number;
  images: readonly WorstImage[];
  /** Of the heatmaps. */
  scale: PaintScale;
}

export function WorstImages({
  title,
  description,
  empty,
  model,
  version,
  images,
  scale,
}: WorstImagesProps) {
  const look = 'aspect-square w-full rounded-sm bg-sunken object-cover';
  return (
    <Card title={title} description={description}>
      {images.length === 0 ? (
        <p className="text-ink-soft text-sm">{empty}</p>
      ) : (
        <>
          <div className="mb-4 max-w-sm">
            <ColorLegend scale={scale} unit="multiples" />
          </div>
          <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {images.map(({ path, sha256, verdict }) => (
              <li key={path} className="text-sm">
                <div className="grid grid-cols-2 gap-1.5">
                  <Picture src={blobUrl(sha256, 256)} alt={path} loading="lazy" className={look} />
                  <Picture
                    src={heatmapUrl(model, version, sha256)}
                    alt={`Heatmap of ${path}: colored where it departs from normal`}
                    loading="lazy"
                    className={look}
                  />
                </div>
                <p className="mt-1.5 font-medium break-all">{path}</p>
                <p className="text-ink-soft">{verdict}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
