/** @file The test images that show in a glance what a version can and can't do. */
import {
  type ImageResult,
  type ResultImage,
  scoreRatio,
  type ThresholdProfile,
} from '@plumbline/contracts';

const OF_EACH_KIND = 2;

/**
 * Two anomalous images with the lowest ratio of score to threshold, which are missed below 1; two with the highest; and
 * two normal images with the highest, which are false alarms from 1 on. No image is taken twice.
 */
export function chooseResultImages(
  images: readonly ImageResult[],
  thresholds: ThresholdProfile,
): ResultImage[] {
  const own = new Map(Object.entries(thresholds.categories));
  const judged = images.map((image) => {
    const { imageThreshold } = own.get(image.category) ?? thresholds.pooled;
    return { image, threshold: imageThreshold, ratio: image.imageScore / (imageThreshold || 1) };
  });
  const rising = [...judged].sort(
    (a, b) => a.ratio - b.ratio || (a.image.path < b.image.path ? -1 : 1),
  );
  const anomalous = rising.filter(({ image }) => image.label === 'anomalous');
  const normal = rising.filter(({ image }) => image.label === 'normal');
  const hardest = anomalous.slice(0, OF_EACH_KIND);
  const clearest = anomalous.slice(hardest.length).reverse().slice(0, OF_EACH_KIND);
  return [
    ...hardest.map((one) => toResultImage(one, 'hardest')),
    ...clearest.map((one) => toResultImage(one, 'clearest')),
    ...normal
      .reverse()
      .slice(0, OF_EACH_KIND)
      .map((one) => toResultImage(one, 'normal')),
  ];
}

function toResultImage(
  { image, threshold }: { image: ImageResult; threshold: number },
  kind: ResultImage['kind'],
): ResultImage {
  return {
    ...image,
    kind,
    threshold,
    scoreRatio: scoreRatio(image.imageScore, threshold),
    predictedLabel: image.imageScore >= threshold ? 'anomalous' : 'normal',
  };
}
