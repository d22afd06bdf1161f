/** @file Where a version is wrong: the worst misses and false alarms. */
import {
  type EvaluationFile,
  heatmapScale,
  type ImageResult,
  isTrained,
  type ModelVersion,
  type ThresholdProfile,
  type TrainedVersion,
  type WorstImages as WorstOfImported,
} from '@plumbline/contracts';
import { hardImages, imageThresholdOf } from '~/components/models/hard-images.ts';
import { Card } from '~/components/ui/card.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { formatMultiple, formatScore, formatShare } from '~/format/format-number.ts';
import { type WorstImage, WorstImages } from './worst-images.tsx';

const IMAGES_EACH = 9;
const FIXED = 'The scale below is the same for every image.';
/** Of heatmaps whose values are in multiples of their category's own pixel threshold. */
const OWN_THRESHOLD = heatmapScale(1);

interface GalleriesProps {
  version: ModelVersion;
  file: EvaluationFile | null;
  images: readonly ImageResult[];
  /** Of the profile that serves; null for imported results. */
  thresholds: ThresholdProfile | null;
}

export function Galleries({ version, file, images, thresholds }: GalleriesProps) {
  if (isTrained(version) && thresholds !== null)
    return <TrainedGalleries {...{ version, images, thresholds }} />;
  if (file?.worst !== undefined) return <ImportedGalleries version={version} worst={file.worst} />;
  return (
    <Card title="Worst images">
      <p className="text-ink-soft text-sm">This version has no heatmaps.</p>
    </Card>
  );
}

interface TrainedGalleriesProps {
  version: TrainedVersion;
  images: readonly ImageResult[];
  thresholds: ThresholdProfile;
}

function TrainedGalleries({ version, images, thresholds }: TrainedGalleriesProps) {
  const hard = hardImages(images, thresholds, IMAGES_EACH);
  const judged = (of: readonly ImageResult[]) =>
    of.map((image) => ({
      ...image,
      verdict: <Verdict image={image} threshold={imageThresholdOf(image, thresholds)} />,
    }));
  const common = {
    model: version.model,
    version: version.version,
    scale: OWN_THRESHOLD,
  };
  return (
    <>
      <WorstImages
        {...common}
        title="Worst misses"
        description={`Anomalous test images that score lowest relative to their threshold. Those marked “correct” come closest to a miss. ${FIXED}`}
        empty="The test split has no anomalous image."
        images={judged(hard.anomalous)}
      />
      <WorstImages
        {...common}
        title="Worst false alarms"
        description="Normal test images that score highest relative to their threshold. Those marked “correct” come closest to a false alarm. The scale is the same."
        empty="The test split has no normal image."
        images={judged(hard.normal)}
      />
    </>
  );
}

function Verdict({ image, threshold }: { image: ImageResult; threshold: number }) {
  const isWrong = image.imageScore >= threshold !== (image.label === 'anomalous');
  return (
    <>
      {formatMultiple(image.imageScore, threshold)}, score {formatScore(image.imageScore)}{' '}
      <Badge tone={isWrong ? 'bad' : 'ok'}>
        {isWrong ? (image.label === 'normal' ? 'false alarm' : 'miss') : 'correct'}
      </Badge>
    </>
  );
}

/** Without thresholds, an image is judged by those of the other label that it is confused with. */
function ImportedGalleries({ version, worst }: { version: ModelVersion; worst: WorstOfImported }) {
  const judged = (of: WorstOfImported['misses'], words: string): WorstImage[] =>
    of.map((image) => ({
      ...image,
      verdict: `score ${formatScore(image.imageScore)}, multiple of a threshold undefined; ${formatShare(image.confusedWith)} of the category's ${words}`,
    }));
  const common = {
    model: version.model,
    version: version.version,
    scale: worst.scale,
  };
  return (
    <>
      <WorstImages
        {...common}
        title="Worst misses"
        description={`Anomalous test images that score lower than normal ones of their category; imported results have no threshold to judge by. ${FIXED} It runs from the lowest to the highest pixel of all maps.`}
        empty="No normal test image scores higher than an anomalous one of its category."
        images={judged(worst.misses, 'normal images score higher')}
      />
      <WorstImages
        {...common}
        title="Worst false alarms"
        description="Normal test images that score higher than anomalous ones of their category. The scale is the same."
        empty="No normal test image scores higher than an anomalous one of its category."
        images={judged(worst.falseAlarms, 'anomalous images score lower')}
      />
    </>
  );
}
