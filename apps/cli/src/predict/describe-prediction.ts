/** @file A prediction in the words of `plumb predict`. */
import {
  type AnomalousRegion,
  formatRatio,
  heldOutWords,
  type Prediction,
} from '@plumbline/contracts';

const UNFAMILIAR =
  'Unfamiliar: the image looks like no training image of the model, so the label says little. Check product, camera and light.';

export function describePrediction(prediction: Prediction): string {
  const { predictedLabel, uncertain, imageScore, threshold, model, modelVersion } = prediction;
  const { scoreRatio } = prediction;
  return [
    `${predictedLabel}${uncertain ? ', uncertain' : ''}: ${formatRatio(scoreRatio)} × the threshold, image score ${imageScore.toFixed(4)}, threshold ${threshold.toFixed(4)}`,
    describeCategory(prediction),
    ...(prediction.unfamiliar === true ? [UNFAMILIAR] : []),
    ...(prediction.regions === null ? [] : [describeRegions(prediction.regions)]),
    describeHeldOut(prediction),
    `${model} version ${modelVersion}, ${prediction.latencyMs.toFixed(0)} ms`,
  ].join('\n');
}

function describeCategory(prediction: Prediction): string {
  const { category, categorySource, categoryConfidence, categoryCandidates } = prediction;
  if (category === null) return 'Category: none; one threshold for all.';
  if (categorySource === 'given') return `Category: ${category}, as you named it.`;
  if (categoryConfidence === null)
    return `Category: ${category}, the only one that the model knows, whatever the image shows.`;
  if (!prediction.categoryUncertain)
    return `Category: ${category}, found from the image (${percent(categoryConfidence)} of the votes).`;
  const named = categoryCandidates
    .slice(0, 3)
    .map((one) => `${one.category} (${percent(one.confidence)})`)
    .join(' or ');
  return `Category: probably ${category}, but not sure: ${named}. Name it with --category.`;
}

const REGIONS_NAMED = 3;

/** Boxes in pixels of the image, by their size and their top left corner. */
function describeRegions(regions: readonly AnomalousRegion[]): string {
  if (regions.length === 0) return 'No region reaches the pixel threshold.';
  const boxes = regions
    .slice(0, REGIONS_NAMED)
    .map(({ box }) => `${box.width}×${box.height} at (${box.x}, ${box.y})`);
  const more = regions.length - boxes.length;
  const count = regions.length === 1 ? '1 region' : `${regions.length} regions`;
  return `${count} at or above the pixel threshold: ${boxes.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function describeHeldOut(prediction: Prediction): string {
  const words = heldOutWords(prediction);
  if (words !== null) return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  const { category } = prediction;
  return category === null
    ? 'No normal images were held out to compare it with.'
    : `No normal images of ${category} were held out: the threshold is the one of all categories. Add normal training images and train again.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
