/** @file What a threshold profile means on the test split: for information, never to choose by. */
import { DomainError, type ImageResult, lookUp } from '@plumbline/contracts';

/** As much of a threshold profile as the effect depends on. */
export interface ProfileCuts {
  readonly pooled: ImageCuts;
  readonly categories: Readonly<Record<string, ImageCuts>>;
}

interface ImageCuts {
  readonly imageThreshold: number;
  readonly uncertainThreshold?: number | undefined;
}

export interface EffectCounts {
  normal: number;
  /** Normal images at or above the image threshold. */
  falseAlarms: number;
  /** Normal images in the uncertain band. */
  normalInBand: number;
  anomalous: number;
  /** Anomalous images below the image threshold and not in the band. */
  missed: number;
  anomalousInBand: number;
  /** Anomalous images by defect type. */
  defectTypes: Readonly<Record<string, TypeCounts>>;
}

interface TypeCounts {
  images: number;
  missed: number;
  inBand: number;
}

/** Counts while they grow: a map, since defect types have the names that users gave folders. */
type GrowingCounts = Omit<EffectCounts, 'defectTypes'> & {
  readonly types: Map<string, TypeCounts>;
};

export interface ProfileEffect {
  readonly total: EffectCounts;
  /** By category, in order of name. */
  readonly categories: Record<string, EffectCounts>;
}

/** Name of the defect type of anomalous images that have none. */
const UNNAMED = 'anomalous';

type EffectImage = Pick<ImageResult, 'path' | 'category' | 'label' | 'defectType' | 'imageScore'>;

/**
 * Counts what each threshold does to test images. A category that the profile lacks is judged by the pooled threshold,
 * as an inspection is.
 *
 * @throws DomainError INVALID_INPUT naming an image whose score is not finite
 */
export function thresholdEffect(
  images: readonly EffectImage[],
  profile: ProfileCuts,
): ProfileEffect {
  const total = emptyCounts();
  const byName = new Map<string, GrowingCounts>();
  for (const image of images) {
    if (!Number.isFinite(image.imageScore)) {
      throw new DomainError(
        'INVALID_INPUT',
        `The image score of ${image.path} is ${image.imageScore}, not a finite number.`,
        { file: image.path, field: 'imageScore', fix: 'Evaluate the model again.' },
      );
    }
    const counts = byName.get(image.category) ?? emptyCounts();
    byName.set(image.category, counts);
    const cuts = lookUp(profile.categories, image.category) ?? profile.pooled;
    count(total, image, cuts);
    count(counts, image, cuts);
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    total: asRecord(total),
    categories: Object.fromEntries(sorted.map(([name, counts]) => [name, asRecord(counts)])),
  };
}

function asRecord({ types, ...counts }: GrowingCounts): EffectCounts {
  return { ...counts, defectTypes: Object.fromEntries(types) };
}

function emptyCounts(): GrowingCounts {
  return {
    normal: 0,
    falseAlarms: 0,
    normalInBand: 0,
    anomalous: 0,
    missed: 0,
    anomalousInBand: 0,
    types: new Map(),
  };
}

function count(counts: GrowingCounts, image: EffectImage, cuts: ImageCuts): void {
  const { imageThreshold, uncertainThreshold = imageThreshold } = cuts;
  const isAlarm = image.imageScore >= imageThreshold;
  const isInBand = !isAlarm && image.imageScore >= uncertainThreshold;
  if (image.label === 'normal') {
    counts.normal += 1;
    if (isAlarm) counts.falseAlarms += 1;
    if (isInBand) counts.normalInBand += 1;
    return;
  }
  const isMissed = !isAlarm && !isInBand;
  counts.anomalous += 1;
  if (isMissed) counts.missed += 1;
  if (isInBand) counts.anomalousInBand += 1;
  const name = image.defectType ?? UNNAMED;
  const ofType = counts.types.get(name) ?? { images: 0, missed: 0, inBand: 0 };
  counts.types.set(name, ofType);
  ofType.images += 1;
  if (isMissed) ofType.missed += 1;
  if (isInBand) ofType.inBand += 1;
}
