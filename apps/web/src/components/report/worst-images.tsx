/** @file The worst misses and false alarms, each beside its heatmap on the version's fixed colour scale. */
import type { ImageResult, ThresholdProfile } from '@plumbline/contracts';
import { ColorLegend } from '~/components/inspect/color-legend.tsx';
import { thresholdOf } from '~/components/models/hard-images.ts';
import { Card } from '~/components/ui/card.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { blobUrl, heatmapUrl } from '~/format/api-paths.ts';
import { formatScore } from '~/format/format-number.ts';

interface WorstImagesProps {
  title: string;
  description: string;
  empty: string;
  model: string;
  version: number;
  images: readonly ImageResult[];
  thresholds: ThresholdProfile;
  scale: { low: number; high: number };
}

export function WorstImages({
  title,
  description,
  empty,
  images,
  scale,
  ...rest
}: WorstImagesProps) {
  return (
    <Card title={title} description={description}>
      {images.length === 0 ? (
        <p className="text-ink-soft text-sm">{empty}</p>
      ) : (
        <>
          <div className="mb-4 max-w-sm">
            <ColorLegend {...scale} />
          </div>
          <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {images.map((image) => (
              <WorstImage key={image.path} image={image} {...rest} />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

interface WorstImageProps {
  model: string;
  version: number;
  image: ImageResult;
  thresholds: ThresholdProfile;
}

function WorstImage({ model, version, image, thresholds }: WorstImageProps) {
  const threshold = thresholdOf(image, thresholds);
  const isAlarm = image.imageScore >= threshold;
  const isWrong = isAlarm !== (image.label === 'anomalous');
  const look = 'aspect-square w-full rounded-sm bg-sunken object-cover';
  return (
    <li className="text-sm">
      <div className="grid grid-cols-2 gap-1.5">
        <Picture
          src={blobUrl(image.sha256, 256)}
          alt={image.path}
          loading="lazy"
          className={look}
        />
        <Picture
          src={heatmapUrl(model, version, image.sha256)}
          alt={`Heatmap of ${image.path}`}
          loading="lazy"
          className={look}
        />
      </div>
      <p className="mt-1.5 font-medium break-all">{image.path}</p>
      <p className="text-ink-soft">
        score {formatScore(image.imageScore)}, threshold {formatScore(threshold)}{' '}
        <Badge tone={isWrong ? 'bad' : 'ok'}>
          {isWrong ? (image.label === 'normal' ? 'false alarm' : 'miss') : 'correct'}
        </Badge>
      </p>
    </li>
  );
}
