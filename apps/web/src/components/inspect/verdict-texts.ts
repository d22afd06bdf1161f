/** @file What a prediction says, in sentences. */
import type { AnomalousRegion, Prediction } from '@plumbline/contracts';
import { formatPlural, formatShare } from '../../format/format-number.ts';

/** Under so many held-out images, a share of them says little. */
const FEW = 10;

/** What the share of held-out normal images means, with the number that it rests on. */
export function falseAlarmText({
  category,
  falseAlarmRate,
  heldOutImages,
}: Pick<Prediction, 'category' | 'falseAlarmRate' | 'heldOutImages'>): string {
  if (falseAlarmRate === null || heldOutImages === 0) {
    return category === null
      ? 'undefined: no normal images were held out'
      : `undefined: no normal images of ${category} were held out, so the threshold is the one of all categories`;
  }
  const higher = Math.round(falseAlarmRate * heldOutImages);
  const few = heldOutImages < FEW ? '; that is too few to say much' : '';
  if (heldOutImages === 1)
    return `the one held-out normal image scores ${higher === 1 ? 'at least as high' : 'lower'}${few}`;
  return `${higher === 0 ? 'none' : higher} of ${formatPlural(heldOutImages, 'held-out normal image')} ${higher === 1 ? 'scores' : 'score'} at least as high${few}`;
}

/** Whose thresholds were used, and why those. */
export function categoryText(prediction: Prediction): string {
  const { category, categorySource, categoryConfidence } = prediction;
  if (category === null) return 'pooled: one threshold for all';
  if (categorySource === 'given') return `${category}, as you chose`;
  return categoryConfidence === null
    ? `${category}, found from the image`
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
