/** @file What a prediction says, in sentences. */
import { type AnomalousRegion, heldOutWords, type Prediction } from '@plumbline/contracts';
import { formatShare } from '../../format/format-number.ts';

/** What the share of held-out normal images means, or why there is none. */
export function falseAlarmText(
  prediction: Pick<Prediction, 'category' | 'falseAlarmRate' | 'heldOutImages'>,
): string {
  const { category } = prediction;
  const undefinedSince =
    category === null
      ? 'undefined: no normal images were held out'
      : `undefined: no normal images of ${category} were held out, so the threshold is the one of all categories`;
  return heldOutWords(prediction) ?? undefinedSince;
}

/** Whose thresholds were used, and why those. */
export function categoryText(
  prediction: Pick<Prediction, 'category' | 'categorySource' | 'categoryConfidence'>,
): string {
  const { category, categorySource, categoryConfidence } = prediction;
  if (category === null) return 'pooled: one threshold for all';
  if (categorySource === 'given') return `${category}, as you chose`;
  return categoryConfidence === null
    ? `${category}, the only one that the model knows`
    : `${category}, found from the image with ${formatShare(categoryConfidence)} of the votes`;
}

const REGIONS_NAMED = 3;

/** How many there are, and the boxes of the strongest in pixels of the image. */
export function regionsText(regions: readonly AnomalousRegion[]): string {
  if (regions.length === 0) return 'none reaches the pixel threshold';
  const boxes = regions
    .slice(0, REGIONS_NAMED)
    .map(({ box }) => `${box.width} × ${box.height} px at (${box.x}, ${box.y})`);
  const more = regions.length - boxes.length;
  return `${regions.length}: ${boxes.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
