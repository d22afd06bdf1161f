/** @file What a person should know about the training images before trusting the model; each a line in the run's log. */
import {
  FEW_HELD_OUT,
  lookUp,
  type MapSize,
  type Sample,
  scoreNotes,
  type ThresholdProfile,
} from '@plumbline/contracts';
import type { NormalScore } from './evaluate/fit-thresholds.ts';
import type { TrainingSplit } from './fit/hold-out.ts';

/**
 * What the images say before a fit: on how few scores thresholds will rest, and which images are small.
 *
 * @param size What images are resized to.
 * @returns Sentences; none when there is nothing to say.
 */
export function trainingWarnings(split: TrainingSplit, size: MapSize): string[] {
  const all = [...split.fit, ...split.heldOut];
  const categories = [...new Set(all.map((sample) => sample.category))].sort();
  const few = scoreNotes(
    scoresToCome(split),
    categories,
    split.folds === null ? 'heldOut' : 'crossFit',
  );
  const small = all.filter(({ image }) => image.width < size.width || image.height < size.height);
  return small.length === 0 ? few : [...few, smallImages(small, size)];
}

function scoresToCome({ fit, heldOut, folds }: TrainingSplit): Map<string, number> {
  const scored = folds === null ? heldOut : fit.filter((_, image) => folds.of[image] !== -1);
  const counts = new Map<string, number>();
  for (const { category } of scored) counts.set(category, (counts.get(category) ?? 0) + 1);
  return counts;
}

function smallImages(small: readonly Sample[], size: MapSize): string {
  const [first] = small as [Sample, ...Sample[]];
  const { width, height } = first.image;
  return `${small.length} training images have fewer pixels than the ${size.width}×${size.height} that the backbone sees, for example ${first.path} (${width}×${height}). They are enlarged, and nothing finer than their pixels can be found.`;
}

/** Normal images named in one warning, at most. */
const MOST_NAMED = 5;

/** Normal images that the thresholds would call anomalous since no others resemble them: rare ones, or no normal images at all. */
export function oddImageWarnings(
  profile: ThresholdProfile,
  scores: readonly NormalScore[],
): string[] {
  const odd = scores
    .map(({ path, category, imageScore }) => {
      const own = lookUp(profile.categories, category);
      const isSure = own !== undefined && own.heldOutScores.length >= FEW_HELD_OUT;
      return { path, ratio: isSure ? imageScore / own.imageThreshold : 0 };
    })
    .filter(({ ratio }) => ratio >= 1)
    .sort((a, b) => b.ratio - a.ratio);
  if (odd.length === 0) return [];
  const named = odd
    .slice(0, MOST_NAMED)
    .map(({ path, ratio }) => `${path} (${ratio.toFixed(2)} × the threshold)`);
  const more = odd.length > MOST_NAMED ? `, and ${odd.length - MOST_NAMED} more` : '';
  return [
    `${odd.length} of ${scores.length} normal training images would be called anomalous by fits without them: ${named.join(', ')}${more}. Check whether they are normal; expect one in a hundred.`,
  ];
}
