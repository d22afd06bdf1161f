/** @file Six test images, each beside its heatmap: what the version finds, misses and mistakes. */
import type { ResultImage } from '@plumbline/contracts';
import { Picture } from '~/components/ui/picture.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { blobUrl, heatmapUrl } from '~/format/api-paths.ts';
import { formatScore } from '~/format/format-number.ts';

const KINDS: Record<ResultImage['kind'], string> = {
  hardest: 'Hardest to find',
  clearest: 'Clearest',
  normal: 'Normal, highest score',
};

interface ResultImagesProps {
  model: string;
  version: number;
  images: readonly ResultImage[];
}

export function ResultImages({ model, version, images }: ResultImagesProps) {
  if (images.length === 0)
    return <p className="text-ink-soft text-sm">The dataset has no test images to show.</p>;
  return (
    <section aria-label="Test images">
      <h3 className="font-medium text-sm">Test images</h3>
      <p className="mt-1 mb-3 text-ink-soft text-sm">
        Chosen by score as a multiple of the threshold: the two lowest and the two highest anomalous
        images, and the two highest normal ones.
      </p>
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {images.map((image) => (
          <li key={image.path} className="text-sm">
            <ImagePair model={model} version={version} image={image} />
            <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1">
              <Verdict image={image} />
              <span className="font-medium">{KINDS[image.kind]}</span>
            </p>
            <p className="text-ink-soft">
              {image.category}
              {image.defectType === null ? '' : `, ${image.defectType}`}
              {': '}
              {image.scoreRatio === null
                ? `score ${formatScore(image.imageScore)}`
                : `${image.scoreRatio.toFixed(2)} × its threshold`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ImagePair({
  model,
  version,
  image,
}: {
  model: string;
  version: number;
  image: ResultImage;
}) {
  const look = 'aspect-square w-full rounded-sm bg-sunken object-cover';
  return (
    <div className="grid grid-cols-2 gap-1.5">
      <Picture src={blobUrl(image.sha256, 256)} alt={image.path} className={look} />
      <Picture
        src={heatmapUrl(model, version, image.sha256)}
        alt={`Heatmap of ${image.path}`}
        loading="lazy"
        className={look}
      />
    </div>
  );
}

function Verdict({ image: { label, predictedLabel } }: { image: ResultImage }) {
  if (label === predictedLabel)
    return <Badge tone="ok">{label === 'anomalous' ? 'found' : 'correctly normal'}</Badge>;
  return <Badge tone="bad">{label === 'anomalous' ? 'missed' : 'false alarm'}</Badge>;
}
